#include "sequence/sequence_properties.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/cpu_level_test.h"

namespace placard {
namespace {

class SequencePropertiesTest : public CpuLevelTest {};

TEST_P(SequencePropertiesTest, HoldOnASeededCorpus) {
  int seen = 0;
  ForRandomInputs(20261122, 4000, 3000, [&seen](const std::vector<uint8_t>& bytes) {
    CheckSequence(bytes.data(), bytes.size());
    ++seen;
  });
  EXPECT_EQ(seen, 4000);
}

PLACARD_EVERY_CPU_LEVEL(SequencePropertiesTest);

TEST(SequencePropertiesDeathTest, AViolationIsSeen) {
  const CtcInput input{nullptr, 4, 3, false};
  const std::vector<CtcSymbol> overlapping = {{1, .5F, 0, 3, 0}, {2, .5F, 2, 4, 0}};
  EXPECT_DEATH(CheckSymbols(input, {}, overlapping), "");
  const std::vector<CtcSymbol> touching_equals = {{1, .5F, 0, 2, 0}, {1, .5F, 2, 4, 0}};
  EXPECT_DEATH(CheckSymbols(input, {}, touching_equals), "");
  const std::vector<CtcSymbol> no_class = {{3, .5F, 0, 1, 0}};
  EXPECT_DEATH(CheckSymbols(input, {}, no_class), "");
}

}  // namespace
}  // namespace placard
