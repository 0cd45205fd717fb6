#include "base/cpu_features.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace placard {
namespace {

CpuLevel Probe() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vbmi") &&
                      __builtin_cpu_supports("avx512vbmi2");
  CpuLevel level = avx512 ? CpuLevel::kAvx512 : avx2 ? CpuLevel::kAvx2 : CpuLevel::kScalar;
#else
  CpuLevel level = CpuLevel::kScalar;
#endif
  if (const char* wanted = std::getenv("PLACARD_CPU_LEVEL")) {
    for (const CpuLevel candidate : {CpuLevel::kScalar, CpuLevel::kAvx2}) {
      if (std::strcmp(wanted, CpuLevelName(candidate)) == 0 && candidate < level) level = candidate;
    }
  }
  return level;
}

std::atomic<int> forced{-1};

}  // namespace

CpuLevel DetectedCpuLevel() {
  static const CpuLevel detected = Probe();
  const int limit = forced.load(std::memory_order_relaxed);
  return limit >= 0 && limit < static_cast<int>(detected) ? static_cast<CpuLevel>(limit) : detected;
}

const char* CpuLevelName(CpuLevel level) {
  switch (level) {
    case CpuLevel::kScalar: return "scalar";
    case CpuLevel::kAvx2: return "avx2";
    case CpuLevel::kAvx512: return "avx512";
  }
  return "scalar";
}

bool HasBf16() {
#if defined(__x86_64__)
  if (DetectedCpuLevel() < CpuLevel::kAvx512) return false;
  constexpr unsigned kAmxBf16 = 1U << 22, kAvx512Bf16 = 1U << 5;  // of leaf 7: EDX of subleaf 0, EAX of subleaf 1
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  const unsigned subleaves = a;
  if ((d & kAmxBf16) != 0) return true;
  return subleaves >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a & kAvx512Bf16) != 0;
#else
  return false;
#endif
}

void ForceCpuLevel(CpuLevel level) { forced.store(static_cast<int>(level), std::memory_order_relaxed); }

}  // namespace placard
