#include "runtime/hot_shapes.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace placard {
namespace {

using Cache = HotShapes<int>;
const Cache::Shape kPage{1, 3, 736, 1280}, kSquare{1, 3, 640, 640}, kTall{1, 3, 1280, 736};

void UseTimes(Cache* cache, const Cache::Shape& shape, int times) {
  for (int i = 0; i < times; ++i) cache->Use(shape);
}

TEST(HotShapes, AreThoseThatComeAThirdTime) {
  Cache cache(100);
  EXPECT_FALSE(cache.Claim(kPage, 10));
  UseTimes(&cache, kPage, 2);
  EXPECT_FALSE(cache.Claim(kPage, 10));
  UseTimes(&cache, kPage, 1);
  EXPECT_TRUE(cache.Claim(kPage, 10));
  cache.Put(kPage, std::make_shared<int>(7), 10);
  ASSERT_NE(cache.Use(kPage), nullptr);
  EXPECT_EQ(*cache.Use(kPage), 7);
  EXPECT_EQ(cache.Use(kSquare), nullptr);
  EXPECT_FALSE(cache.Claim(kPage, 10));
  EXPECT_EQ(cache.shapes(), std::vector<Cache::Shape>{kPage});
}

TEST(HotShapes, AreNoneOfAStreamThatNeverRepeats) {
  Cache cache(100);
  for (int round = 0; round < 3; ++round) {
    for (int64_t side = 0; side < 300; ++side) {
      const Cache::Shape shape{1, 3, 32 * side, 1280};
      cache.Use(shape);
      EXPECT_FALSE(cache.Claim(shape, 10));
    }
  }
}

TEST(HotShapes, AreMadeOneAtATime) {
  Cache cache(100);
  UseTimes(&cache, kPage, 3);
  UseTimes(&cache, kSquare, 3);
  EXPECT_TRUE(cache.Claim(kPage, 10));
  EXPECT_FALSE(cache.Claim(kSquare, 10));
  EXPECT_FALSE(cache.Claim(kPage, 10));
  cache.Put(kPage, std::make_shared<int>(1), 10);
  EXPECT_TRUE(cache.Claim(kSquare, 10));
}

TEST(HotShapes, AreNotTriedAgainOnceGivenUp) {
  Cache cache(100);
  UseTimes(&cache, kPage, 3);
  EXPECT_TRUE(cache.Claim(kPage, 10));
  cache.GiveUp(kPage);
  UseTimes(&cache, kPage, 30);
  EXPECT_FALSE(cache.Claim(kPage, 10));
  UseTimes(&cache, kSquare, 3);
  EXPECT_TRUE(cache.Claim(kSquare, 10));
}

TEST(HotShapes, KeepWithinTheirBytes) {
  Cache cache(100);
  UseTimes(&cache, kPage, 3);
  EXPECT_FALSE(cache.Claim(kPage, 101));
  EXPECT_TRUE(cache.Claim(kPage, 100));
  const auto page = std::make_shared<int>(1);
  const std::weak_ptr<int> alive = page;
  cache.Put(kPage, page, 100);
  // As often as the one that is there: both in turns would be made for ever.
  for (int i = 0; i < 500; ++i) {
    cache.Use(kPage);
    cache.Use(kSquare);
    EXPECT_FALSE(cache.Claim(kSquare, 60));
  }
  // Once the first comes no more, it makes room.
  UseTimes(&cache, kSquare, 200);
  EXPECT_TRUE(cache.Claim(kSquare, 60));
  cache.Put(kSquare, std::make_shared<int>(2), 60);
  EXPECT_EQ(cache.Use(kPage), nullptr);
  EXPECT_NE(cache.Use(kSquare), nullptr);
  EXPECT_EQ(alive.use_count(), 1);
  UseTimes(&cache, kTall, 3);
  EXPECT_TRUE(cache.Claim(kTall, 40));
}

}  // namespace
}  // namespace placard
