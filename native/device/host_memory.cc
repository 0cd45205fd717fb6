#include "device/host_memory.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

namespace placard {
namespace {

constexpr size_t kAlignment = 64;

struct StoreLimits {
  size_t block;  // larger ones are not kept
  size_t total;
};

constexpr StoreLimits kHostLimits = {size_t{32} << 20, size_t{64} << 20};
// A detection of the default size has some 120 MB of maps, the largest of 30 MB.
constexpr StoreLimits kScratchLimits = {size_t{64} << 20, size_t{160} << 20};
// Below this the C library reuses what was freed without faulting pages in.
constexpr size_t kLeastScratch = size_t{64} << 10;

std::atomic<int64_t> live{0};

class Store {
 public:
  explicit Store(const StoreLimits& limits) : limits_(limits) {}

  // Both outlive every static destructor: a worker may free at exit.
  static Store& Host() {
    static Store* store = new Store(kHostLimits);
    return *store;
  }
  static Store& Scratch() {
    static Store* store = new Store(kScratchLimits);
    return *store;
  }

  // A block of the size, or else of one that is not much larger; `size` becomes its own.
  void* Take(size_t* size) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto end = classes_.upper_bound(*size + *size / 2);
    for (auto it = classes_.lower_bound(*size); it != end; ++it) {
      if (it->second.blocks.empty()) continue;
      it->second.used = ++clock_;
      *size = it->first;
      return Pop(it);
    }
    return nullptr;
  }

  // Blocks of the size that was asked for longest ago make room.
  void Give(void* block, size_t size) {
    std::vector<void*> evicted;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (size > limits_.block) {
        evicted.push_back(block);
      } else {
        while (bytes_ + size > limits_.total) evicted.push_back(Pop(Oldest()));
        Class& own = classes_[size];
        own.blocks.push_back(block);
        own.used = ++clock_;
        bytes_ += size;
      }
    }
    for (void* gone : evicted) std::free(gone);
  }

  void Trim() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto& [size, stored] : classes_) {
      for (void* block : stored.blocks) std::free(block);
    }
    classes_.clear();
    bytes_ = 0;
  }

  size_t bytes() {
    std::lock_guard<std::mutex> lock(mutex_);
    return bytes_;
  }

 private:
  struct Class {
    std::vector<void*> blocks;
    uint64_t used = 0;
  };
  using Classes = std::map<size_t, Class>;

  void* Pop(Classes::iterator it) {
    void* block = it->second.blocks.back();
    it->second.blocks.pop_back();
    bytes_ -= it->first;
    return block;
  }

  // Of those that have blocks; there is one while anything is stored.
  Classes::iterator Oldest() {
    auto oldest = classes_.end();
    for (auto it = classes_.begin(); it != classes_.end(); ++it) {
      if (it->second.blocks.empty()) continue;
      if (oldest == classes_.end() || it->second.used < oldest->second.used) oldest = it;
    }
    return oldest;
  }

  const StoreLimits limits_;
  std::mutex mutex_;
  Classes classes_;
  uint64_t clock_ = 0;
  size_t bytes_ = 0;
};

// Rounded up to an eighth of its octave: at most 12.5 % is wasted, and similar pictures share a class.
size_t SizeClass(size_t bytes) {
  const size_t step = std::max(kAlignment, std::bit_floor(std::max<size_t>(bytes, 1)) / 8);
  return (std::max<size_t>(bytes, 1) + step - 1) / step * step;
}

// From the store, else from the system; null if there are none left. `size` becomes the block's.
void* TakeFrom(Store* store, size_t* size) {
  void* block = store->Take(size);
  if (block == nullptr) block = std::aligned_alloc(kAlignment, *size);
  if (block != nullptr) return block;
  TrimHost();
  return std::aligned_alloc(kAlignment, *size);
}

}  // namespace

std::shared_ptr<std::byte[]> AllocateHost(size_t bytes) {
  size_t size = SizeClass(bytes);
  void* block = TakeFrom(&Store::Host(), &size);
  if (block == nullptr) return nullptr;
  live.fetch_add(static_cast<int64_t>(size), std::memory_order_relaxed);
  return std::shared_ptr<std::byte[]>(static_cast<std::byte*>(block), [size](std::byte* pointer) {
    live.fetch_sub(static_cast<int64_t>(size), std::memory_order_relaxed);
    Store::Host().Give(pointer, size);
  });
}

int64_t LiveHostBytes() { return live.load(std::memory_order_relaxed); }
void CountLiveHost(int64_t bytes) { live.fetch_add(bytes, std::memory_order_relaxed); }
int64_t StoredHostBytes() { return static_cast<int64_t>(Store::Host().bytes() + Store::Scratch().bytes()); }

void TrimHost() {
  Store::Host().Trim();
  Store::Scratch().Trim();
#if defined(__GLIBC__)
  // What others freed in this process waits in the C library's arenas.
  malloc_trim(0);
#endif
}

// A block's size stands before it.
void* AllocateScratch(size_t bytes) {
  if (bytes > SIZE_MAX / 2) return nullptr;
  size_t size = SizeClass(bytes + kAlignment);
  void* block = size < kLeastScratch ? std::aligned_alloc(kAlignment, size) : TakeFrom(&Store::Scratch(), &size);
  if (block == nullptr) return nullptr;
  *static_cast<size_t*>(block) = size;
  return static_cast<std::byte*>(block) + kAlignment;
}

void FreeScratch(void* memory) {
  if (memory == nullptr) return;
  void* block = static_cast<std::byte*>(memory) - kAlignment;
  const size_t size = *static_cast<size_t*>(block);
  if (size < kLeastScratch) {
    std::free(block);
  } else {
    Store::Scratch().Give(block, size);
  }
}

}  // namespace placard
