#include "base/thread_pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace placard {
namespace {

struct RunningBatch {
  Lane::Batch batch;
  int next = 0;      // next index to hand out
  int finished = 0;  // calls that returned
};

}  // namespace

struct Lane::State {
  explicit State(int limit) : limit(limit) {}

  const int limit;
  int running = 0;
  std::list<std::shared_ptr<RunningBatch>> waiting;  // with indices left to hand out; by priority, then in turns
};

namespace {

class ThreadPool {
 public:
  // Never destroyed: worker threads outlive every static destructor.
  static ThreadPool& Shared() {
    static ThreadPool* pool = new ThreadPool;
    return *pool;
  }

  bool Submit(const std::shared_ptr<Lane::State>& lane, Lane::Batch batch) {
    if (batch.count <= 0) {
      batch.count = 1;
      batch.task = [](int) {};
    }
    auto entry = std::make_shared<RunningBatch>();
    entry->batch = std::move(batch);
    std::lock_guard<std::mutex> lock(mutex_);
    while (threads_ < lane->limit && StartThread()) {
    }
    if (threads_ == 0) return false;
    if (lane->waiting.empty()) lanes_.push_back(lane);
    Insert(lane.get(), entry);
    for (int i = 0; i < std::min(entry->batch.count, lane->limit); ++i) wake_.notify_one();
    return true;
  }

  int threads() {
    std::lock_guard<std::mutex> lock(mutex_);
    return threads_;
  }

 private:
  struct Task {
    std::shared_ptr<Lane::State> lane;
    std::shared_ptr<RunningBatch> entry;
    int index;
  };

  static void Insert(Lane::State* lane, std::shared_ptr<RunningBatch> entry) {
    const auto after = std::find_if(lane->waiting.begin(), lane->waiting.end(), [&](const auto& other) {
      return other->batch.priority < entry->batch.priority;
    });
    lane->waiting.insert(after, std::move(entry));
  }

  bool StartThread() {
    try {
      std::thread([this] { Work(); }).detach();
    } catch (const std::system_error&) {
      return false;
    }
    ++threads_;
    return true;
  }

  // Takes the next index of the first lane that may run more, and moves the lane and the batch behind their equals.
  bool Take(Task* task) {
    for (auto it = lanes_.begin(); it != lanes_.end(); ++it) {
      const std::shared_ptr<Lane::State> lane = *it;
      if (lane->running >= lane->limit) continue;
      std::shared_ptr<RunningBatch> entry = lane->waiting.front();
      lane->waiting.pop_front();
      lanes_.erase(it);
      *task = {lane, entry, entry->next++};
      ++lane->running;
      if (entry->next < entry->batch.count) Insert(lane.get(), entry);
      if (!lane->waiting.empty()) lanes_.push_back(lane);
      return true;
    }
    return false;
  }

  void Work() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      Task task;
      if (!Take(&task)) {
        wake_.wait(lock);
        continue;
      }
      lock.unlock();
      task.entry->batch.task(task.index);
      lock.lock();
      --task.lane->running;
      if (++task.entry->finished == task.entry->batch.count) {
        lock.unlock();
        task.entry->batch.done();
        task = {};
        lock.lock();
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Lane::State>> lanes_;  // with waiting work, in turns
  int threads_ = 0;
};

}  // namespace

Lane::Lane(int limit) : state_(std::make_shared<State>(std::max(1, limit))) {}
Lane::~Lane() = default;
int Lane::limit() const { return state_->limit; }
bool Lane::Submit(Batch batch) { return ThreadPool::Shared().Submit(state_, std::move(batch)); }

int PoolThreads() { return ThreadPool::Shared().threads(); }

}  // namespace placard
