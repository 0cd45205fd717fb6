#include "device/host_memory.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace placard {
namespace {

TEST(HostMemory, CountsWhatIsLiveAndReusesWhatIsFreed) {
  TrimHost();
  const int64_t before = LiveHostBytes();
  const void* first = nullptr;
  {
    const auto block = AllocateHost(1000003);
    first = block.get();
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block.get()) % 64, 0u);
    EXPECT_GE(LiveHostBytes() - before, 1000003);
  }
  EXPECT_EQ(LiveHostBytes(), before);
  EXPECT_GE(StoredHostBytes(), 1000003);
  EXPECT_EQ(AllocateHost(1000001).get(), first);
}

TEST(HostMemory, ReusesScratchAndDoesNotCountItAsLive) {
  TrimHost();
  const int64_t before = LiveHostBytes();
  void* first = AllocateScratch(3000001);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(first) % 64, 0u);
  static_cast<char*>(first)[3000000] = 1;
  EXPECT_EQ(LiveHostBytes(), before);
  FreeScratch(first);
  EXPECT_GE(StoredHostBytes(), 3000001);
  void* second = AllocateScratch(3000002);
  EXPECT_EQ(second, first);
  FreeScratch(second);
  TrimHost();
  EXPECT_EQ(StoredHostBytes(), 0);
}

TEST(HostMemory, KeepsScratchUpToABound) {
  TrimHost();
  std::vector<void*> blocks;
  for (int i = 0; i < 8; ++i) blocks.push_back(AllocateScratch(size_t{50} << 20));
  for (void* block : blocks) FreeScratch(block);
  EXPECT_GT(StoredHostBytes(), int64_t{50} << 20);
  EXPECT_LE(StoredHostBytes(), int64_t{160} << 20);
  TrimHost();
  for (const size_t bytes : {size_t{1}, size_t{1000}, size_t{100} << 20}) FreeScratch(AllocateScratch(bytes));
  FreeScratch(nullptr);
  EXPECT_EQ(StoredHostBytes(), 0);
  EXPECT_EQ(AllocateScratch(SIZE_MAX), nullptr);
}

TEST(HostMemory, TakesWhatIsNotMuchLarger) {
  TrimHost();
  void* block = AllocateScratch(1400000);
  FreeScratch(block);
  void* smaller = AllocateScratch(1000000);
  EXPECT_EQ(smaller, block);
  void* small = AllocateScratch(900000);
  FreeScratch(smaller);
  EXPECT_GE(StoredHostBytes(), 1400000);
  void* half = AllocateScratch(700000);
  EXPECT_NE(half, block);
  FreeScratch(small);
  FreeScratch(half);
  TrimHost();
}

TEST(HostMemory, WhatWasNotAskedForMakesRoom) {
  TrimHost();
  std::vector<void*> blocks;
  for (int i = 0; i < 17; ++i) blocks.push_back(AllocateScratch(size_t{9} << 20));
  for (void* block : blocks) FreeScratch(block);
  const int64_t full = StoredHostBytes();
  void* other = AllocateScratch(size_t{30} << 20);
  FreeScratch(other);
  EXPECT_EQ(AllocateScratch(size_t{30} << 20), other);
  EXPECT_LT(StoredHostBytes(), full);
  FreeScratch(other);
  TrimHost();
}

TEST(HostMemory, AnOutlierGoesBackToTheSystem) {
  TrimHost();
  AllocateHost(size_t{100} << 20).reset();
  EXPECT_EQ(StoredHostBytes(), 0);
}

TEST(HostMemory, TheStoreIsBounded) {
  TrimHost();
  std::shared_ptr<std::byte[]> blocks[8];
  for (auto& block : blocks) block = AllocateHost(size_t{16} << 20);
  for (auto& block : blocks) block.reset();
  EXPECT_LE(StoredHostBytes(), int64_t{64} << 20);
  TrimHost();
  EXPECT_EQ(StoredHostBytes(), 0);
}

TEST(HostMemory, AnImpossibleSizeIsNull) { EXPECT_EQ(AllocateHost(size_t{1} << 60), nullptr); }

}  // namespace
}  // namespace placard
