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

// For tests: kernels dispatch as on a processor of at most this level.
void ForceCpuLevel(CpuLevel level);

}  // namespace placard

#endif  // PLACARD_BASE_CPU_FEATURES_H_
