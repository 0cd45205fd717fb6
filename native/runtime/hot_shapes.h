#ifndef PLACARD_RUNTIME_HOT_SHAPES_H_
#define PLACARD_RUNTIME_HOT_SHAPES_H_

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace placard {

// A bounded cache of what is worth making for shapes that come often. A use counts one, and half as much after kHalfLife
// other uses; a shape whose uses come to kHot is hot. Where the room is taken, it also has to come twice as often as those
// that would go for it, so that shapes in turns do not drive one another out. May be called from several threads at once.
template <typename Value>
class HotShapes {
 public:
  using Shape = std::vector<int64_t>;

  // Of all values together.
  explicit HotShapes(int64_t most_bytes) : most_bytes_(most_bytes) {}

  // Counts a use. The shape's value, or null.
  std::shared_ptr<Value> Use(const Shape& shape) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++clock_;
    Entry& entry = entries_[shape];
    entry.uses = UsesNow(entry) + 1;
    entry.counted_at = clock_;
    const std::shared_ptr<Value> value = entry.value;
    if (entries_.size() > kMostEntries) Forget();
    return value;
  }

  // Whether the caller is to make a value of so many bytes for the shape now and Put it, or else GiveUp; until it has done
  // so, nobody else is asked to.
  bool Claim(const Shape& shape, int64_t bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (claimed_ || bytes > most_bytes_ || given_up_.count(shape) > 0) return false;
    const auto it = entries_.find(shape);
    if (it == entries_.end() || it->second.value != nullptr || UsesNow(it->second) < kHot) return false;
    if (!HasRoom(bytes, UsesNow(it->second) / 2)) return false;
    claimed_ = true;
    return true;
  }

  // Takes what was made; others go where there is no room.
  void Put(const Shape& shape, std::shared_ptr<Value> value, int64_t bytes) {
    std::vector<std::shared_ptr<Value>> dropped;  // released after the lock
    std::lock_guard<std::mutex> lock(mutex_);
    claimed_ = false;
    while (bytes_ > 0 && bytes_ + bytes > most_bytes_) dropped.push_back(DropColdest());
    Entry& entry = entries_[shape];
    entry.value = std::move(value);
    entry.bytes = bytes;
    bytes_ += bytes;
  }

  // There will never be a value for this shape.
  void GiveUp(const Shape& shape) {
    std::lock_guard<std::mutex> lock(mutex_);
    claimed_ = false;
    given_up_.insert(shape);
  }

  std::vector<Shape> shapes() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<Shape> made;
    for (const auto& [shape, entry] : entries_) {
      if (entry.value != nullptr) made.push_back(shape);
    }
    return made;
  }

  static constexpr double kHot = 2.5;
  static constexpr double kHalfLife = 64;
  static constexpr size_t kMostEntries = 256;

 private:
  struct Entry {
    double uses = 0;
    int64_t counted_at = 0;
    std::shared_ptr<Value> value;
    int64_t bytes = 0;
  };

  double UsesNow(const Entry& entry) const {
    return entry.uses * std::exp2(static_cast<double>(entry.counted_at - clock_) / kHalfLife);
  }

  // Whether there is room for so many bytes, once values of fewer uses than `limit` are gone.
  bool HasRoom(int64_t bytes, double limit) const {
    int64_t staying = 0;
    for (const auto& [shape, entry] : entries_) {
      if (entry.value != nullptr && UsesNow(entry) >= limit) staying += entry.bytes;
    }
    return staying + bytes <= most_bytes_;
  }

  std::shared_ptr<Value> DropColdest() {
    Entry* coldest = nullptr;
    for (auto& [shape, entry] : entries_) {
      if (entry.value != nullptr && (coldest == nullptr || UsesNow(entry) < UsesNow(*coldest))) coldest = &entry;
    }
    bytes_ -= std::exchange(coldest->bytes, 0);
    return std::exchange(coldest->value, nullptr);
  }

  // Drops the entry without a value that was used least.
  void Forget() {
    auto least = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
      if (it->second.value != nullptr) continue;
      if (least == entries_.end() || UsesNow(it->second) < UsesNow(least->second)) least = it;
    }
    if (least != entries_.end()) entries_.erase(least);
  }

  const int64_t most_bytes_;
  mutable std::mutex mutex_;
  std::map<Shape, Entry> entries_;
  std::set<Shape> given_up_;
  int64_t clock_ = 0;
  int64_t bytes_ = 0;
  bool claimed_ = false;
};

}  // namespace placard

#endif  // PLACARD_RUNTIME_HOT_SHAPES_H_
