#ifndef PLACARD_BASE_CPU_LEVEL_TEST_H_
#define PLACARD_BASE_CPU_LEVEL_TEST_H_

#include <gtest/gtest.h>

#include <string>

#include "base/cpu_features.h"

namespace placard {

// Runs each test once for each instruction set that this processor has; the others are reported as skipped.
class CpuLevelTest : public testing::TestWithParam<CpuLevel> {
 protected:
  void SetUp() override {
    ForceCpuLevel(GetParam());
    if (DetectedCpuLevel() != GetParam()) GTEST_SKIP() << "This processor has no " << CpuLevelName(GetParam()) << ".";
  }
  void TearDown() override { ForceCpuLevel(CpuLevel::kAvx512); }
};

inline std::string CpuLevelOf(const testing::TestParamInfo<CpuLevel>& info) { return CpuLevelName(info.param); }

}  // namespace placard

#define PLACARD_EVERY_CPU_LEVEL(suite)                                                                             \
  INSTANTIATE_TEST_SUITE_P(, suite, testing::Values(CpuLevel::kScalar, CpuLevel::kAvx2, CpuLevel::kAvx512), \
                           CpuLevelOf)

#endif  // PLACARD_BASE_CPU_LEVEL_TEST_H_
