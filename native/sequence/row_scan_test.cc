#include "sequence/row_scan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "base/cpu_level_test.h"

namespace placard {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

RowMaximum PlainMaximum(const std::vector<float>& values) {
  RowMaximum best;
  float greatest = -kInfinity;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] > greatest) {
      greatest = values[i];
      best = {static_cast<int>(i), greatest};
    }
  }
  return best;
}

double PlainExpSum(const std::vector<float>& values, float maximum) {
  double sum = 0;
  for (const float value : values) {
    if (value - maximum >= -87.0F) sum += std::exp(static_cast<double>(value - maximum));
  }
  return sum;
}

std::vector<int> Collected(const std::vector<float>& values, float floor) {
  std::vector<int> indices(values.size() + 1, -7);
  const int found = CollectAtLeast(values.data(), static_cast<int>(values.size()), floor, indices.data());
  indices.resize(static_cast<size_t>(found));
  return indices;
}

std::vector<int> PlainCollected(const std::vector<float>& values, float floor) {
  std::vector<int> indices;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= floor) indices.push_back(static_cast<int>(i));
  }
  return indices;
}

class RowScanTest : public CpuLevelTest {
 protected:
  // Few distinct values, so that maxima tie, with NaN and infinities among them.
  std::vector<float> RandomRow(int count) {
    std::vector<float> values(static_cast<size_t>(count));
    for (float& value : values) {
      const uint32_t draw = random_();
      value = draw % 23 == 0 ? kNan : draw % 29 == 0 ? -kInfinity : static_cast<float>(draw % 1000) / 16 - 20;
    }
    return values;
  }

  std::mt19937 random_{20261};
};

TEST_P(RowScanTest, AgreesWithPlainLoopsAtEveryLength) {
  for (int count = 0; count <= 300; ++count) {
    const std::vector<float> values = RandomRow(count);
    const RowMaximum expected = PlainMaximum(values);
    const RowMaximum actual = MaximumOf(values.data(), count);
    ASSERT_EQ(actual.index, expected.index) << count;
    ASSERT_EQ(actual.value, expected.value) << count;
    if (expected.index >= 0) {
      const double sum = PlainExpSum(values, expected.value);
      ASSERT_NEAR(ExpSum(values.data(), count, expected.value), sum, 1e-5 * sum) << count;
    }
    for (const float floor : {-kInfinity, -5.0F, 41.5F, kInfinity, kNan}) {
      ASSERT_EQ(Collected(values, floor), PlainCollected(values, floor)) << count << " " << floor;
    }
  }
}

TEST_P(RowScanTest, AgreesAroundBlockSizes) {
  for (const int count : {1023, 1024, 1025, 2047, 2048, 2049, 4097, 18710}) {
    for (int trial = 0; trial < 20; ++trial) {
      std::vector<float> values = RandomRow(count);
      const RowMaximum expected = PlainMaximum(values);
      ASSERT_EQ(MaximumOf(values.data(), count).index, expected.index) << count;
      values[random_() % values.size()] = 99;
      values.back() = 99;
      ASSERT_EQ(MaximumOf(values.data(), count).index, PlainMaximum(values).index) << count;
    }
  }
}

TEST_P(RowScanTest, FindsTheMaximumAtEveryPlace) {
  const int count = 133;
  for (int place = 0; place < count; ++place) {
    std::vector<float> values(static_cast<size_t>(count), kNan);
    values[static_cast<size_t>(place)] = -3;
    const RowMaximum maximum = MaximumOf(values.data(), count);
    ASSERT_EQ(maximum.index, place);
    ASSERT_EQ(maximum.value, -3);
  }
}

TEST_P(RowScanTest, NothingWinsAmongNanAndMinusInfinity) {
  EXPECT_EQ(MaximumOf(nullptr, 0).index, -1);
  for (const float value : {kNan, -kInfinity}) {
    const std::vector<float> values(77, value);
    EXPECT_EQ(MaximumOf(values.data(), 77).index, -1);
  }
  const std::vector<float> infinite = {1, kInfinity, kNan, kInfinity};
  EXPECT_EQ(MaximumOf(infinite.data(), 4).index, 1);
}

TEST_P(RowScanTest, ExpIsExactToFloat) {
  for (int i = 0; i <= 8700; ++i) {
    const float x = static_cast<float>(-i) / 100;
    // Once alone, where the last, scalar step takes it, and once in a full vector.
    const double exact = std::exp(static_cast<double>(x));
    ASSERT_NEAR(ExpSum(&x, 1, 0), exact, 3e-7 * exact) << x;
    const std::vector<float> row(32, x);
    ASSERT_NEAR(ExpSum(row.data(), 32, 0), 32 * exact, 1e-6 * 32 * exact) << x;
  }
  const float tiny[] = {-87.5F, -kInfinity, kNan};
  EXPECT_EQ(ExpSum(tiny, 3, 0), 0);
}

PLACARD_EVERY_CPU_LEVEL(RowScanTest);

}  // namespace
}  // namespace placard
