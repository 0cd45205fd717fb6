#include "device/host_memory.h"

#include <gtest/gtest.h>

#include <cstdint>

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
