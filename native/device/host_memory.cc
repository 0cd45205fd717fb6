#include "device/host_memory.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

namespace placard {
namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kLargestStored = size_t{32} << 20;
constexpr size_t kStoreLimit = size_t{64} << 20;

std::atomic<int64_t> live{0};

class Store {
 public:
  static Store& Shared() {
    static Store* store = new Store;  // outlives every static destructor: a worker may free at exit
    return *store;
  }

  void* Take(size_t size) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = blocks_.find(size);
    if (it == blocks_.end() || it->second.empty()) return nullptr;
    void* block = it->second.back();
    it->second.pop_back();
    bytes_ -= size;
    return block;
  }

  void Give(void* block, size_t size) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (size <= kLargestStored && bytes_ + size <= kStoreLimit) {
        blocks_[size].push_back(block);
        bytes_ += size;
        return;
      }
    }
    std::free(block);
  }

  void Trim() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto& [size, blocks] : blocks_) {
      for (void* block : blocks) std::free(block);
    }
    blocks_.clear();
    bytes_ = 0;
  }

  size_t bytes() {
    std::lock_guard<std::mutex> lock(mutex_);
    return bytes_;
  }

 private:
  std::mutex mutex_;
  std::map<size_t, std::vector<void*>> blocks_;
  size_t bytes_ = 0;
};

// Rounded up to an eighth of its octave: at most 12.5 % is wasted, and similar pictures share a class.
size_t SizeClass(size_t bytes) {
  const size_t step = std::max(kAlignment, std::bit_floor(std::max<size_t>(bytes, 1)) / 8);
  return (std::max<size_t>(bytes, 1) + step - 1) / step * step;
}

}  // namespace

std::shared_ptr<std::byte[]> AllocateHost(size_t bytes) {
  const size_t size = SizeClass(bytes);
  void* block = Store::Shared().Take(size);
  if (block == nullptr) block = std::aligned_alloc(kAlignment, size);
  if (block == nullptr) {
    Store::Shared().Trim();
    block = std::aligned_alloc(kAlignment, size);
  }
  if (block == nullptr) return nullptr;
  live.fetch_add(static_cast<int64_t>(size), std::memory_order_relaxed);
  return std::shared_ptr<std::byte[]>(static_cast<std::byte*>(block), [size](std::byte* pointer) {
    live.fetch_sub(static_cast<int64_t>(size), std::memory_order_relaxed);
    Store::Shared().Give(pointer, size);
  });
}

int64_t LiveHostBytes() { return live.load(std::memory_order_relaxed); }
void CountLiveHost(int64_t bytes) { live.fetch_add(bytes, std::memory_order_relaxed); }
int64_t StoredHostBytes() { return static_cast<int64_t>(Store::Shared().bytes()); }
void TrimHost() { Store::Shared().Trim(); }

}  // namespace placard
