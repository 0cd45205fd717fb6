#include "shapes/shape_properties.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/cpu_level_test.h"

namespace placard {
namespace {

class ShapePropertiesTest : public CpuLevelTest {};

TEST_P(ShapePropertiesTest, HoldOnASeededCorpus) {
  int seen = 0;
  ForRandomInputs(20261121, 3000, 5000, [&seen](const std::vector<uint8_t>& bytes) {
    CheckShapes(bytes.data(), bytes.size());
    ++seen;
  });
  EXPECT_EQ(seen, 3000);
}

PLACARD_EVERY_CPU_LEVEL(ShapePropertiesTest);

TEST(ShapePropertiesDeathTest, AViolationIsSeen) {
  EXPECT_DEATH(PLACARD_REQUIRE(QuadIou({}, {}) > 0), "");
}

}  // namespace
}  // namespace placard
