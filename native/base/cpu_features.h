#ifndef PLACARD_BASE_CPU_FEATURES_H_
#define PLACARD_BASE_CPU_FEATURES_H_

namespace placard {

// Instruction sets that a kernel may have been compiled for, slowest first.
enum class CpuLevel { kScalar, kAvx2, kAvx512 };

// The best level that this processor and operating system run; PLACARD_CPU_LEVEL=scalar|avx2|avx512 in the environment
// lowers it. Read once.
CpuLevel DetectedCpuLevel();

// "scalar", "avx2", "avx512".
const char* CpuLevelName(CpuLevel level);

// Whether this processor multiplies bfloat16 numbers itself (AVX-512 BF16 or AMX BF16); false where PLACARD_CPU_LEVEL is
// below avx512. Emulated, bfloat16 is slower than single precision.
bool HasBf16();

// For tests: kernels dispatch as on a processor of at most this level.
void ForceCpuLevel(CpuLevel level);

}  // namespace placard

#endif  // PLACARD_BASE_CPU_FEATURES_H_
