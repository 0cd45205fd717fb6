#ifndef PLACARD_BASE_THREAD_POOL_H_
#define PLACARD_BASE_THREAD_POOL_H_

#include <functional>
#include <memory>

namespace placard {

// A share of the process's threads, with a queue of its own; an engine has one. At most `limit` of its tasks run at a time.
// Lanes take turns, and within the highest priority of a lane so do its batches: a page of 500 lines starves nobody.
// The threads are the process's, started as the limits ask for them and never ended (a thread that ends under a dlclose or
// at exit crashes), so destroying a lane with work left only drops its reference: the work still runs.
class Lane {
 public:
  // `count` calls of `task`, each with its index, on any threads in any order; then one call of `done` on the thread of the
  // last. count may be 0. Neither may throw.
  struct Batch {
    int priority = 0;  // higher first
    int count = 1;
    std::function<void(int)> task;
    std::function<void()> done;
  };

  explicit Lane(int limit);
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  int limit() const;
  // False where the process may have no thread at all: the batch is dropped then. Some, but fewer than the limit, serve.
  bool Submit(Batch batch);

  struct State;

 private:
  std::shared_ptr<State> state_;
};

// Threads that the process has started so far.
int PoolThreads();

}  // namespace placard

#endif  // PLACARD_BASE_THREAD_POOL_H_
