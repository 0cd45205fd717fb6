#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace placard {
namespace {

TEST(Lane, CallsEveryIndexOnceAndThenDone) {
  Lane lane(3);
  std::vector<std::atomic<int>> calls(100);
  std::promise<void> done;
  lane.Submit({0, 100, [&](int i) { ++calls[i]; }, [&] { done.set_value(); }});
  done.get_future().wait();
  for (const auto& count : calls) EXPECT_EQ(count, 1);
}

TEST(Lane, AnEmptyBatchIsDone) {
  Lane lane(1);
  std::promise<void> done;
  lane.Submit({0, 0, [](int) { FAIL(); }, [&] { done.set_value(); }});
  EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST(Lane, KeepsToItsLimit) {
  Lane wide(4);
  Lane narrow(2);
  std::atomic<int> running{0}, most{0};
  std::promise<void> done;
  narrow.Submit({0, 40,
                 [&](int) {
                   const int now = ++running;
                   int seen = most;
                   while (seen < now && !most.compare_exchange_weak(seen, now)) {
                   }
                   std::this_thread::sleep_for(std::chrono::milliseconds(1));
                   --running;
                 },
                 [&] { done.set_value(); }});
  done.get_future().wait();
  EXPECT_EQ(most, 2);
}

TEST(Lane, BatchesTakeTurnsAndPrioritiesGoFirst) {
  Lane lane(1);
  std::mutex mutex;
  std::vector<char> order;
  std::promise<void> gate, done;
  std::shared_future<void> open = gate.get_future().share();
  const auto write = [&](char name) {
    return [&, name](int) {
      std::lock_guard<std::mutex> lock(mutex);
      order.push_back(name);
    };
  };
  std::atomic<int> left{3};
  const auto finish = [&] {
    if (--left == 0) done.set_value();
  };
  lane.Submit({9, 1, [&](int) { open.wait(); }, [] {}});
  lane.Submit({0, 3, write('a'), finish});
  lane.Submit({0, 2, write('b'), finish});
  lane.Submit({1, 2, write('p'), finish});
  gate.set_value();
  done.get_future().wait();
  EXPECT_EQ(std::string(order.begin(), order.end()), "ppababa");
}

TEST(Lane, WorkOutlivesTheLane) {
  std::promise<void> gate, done;
  std::shared_future<void> open = gate.get_future().share();
  {
    Lane lane(1);
    lane.Submit({0, 1, [open](int) { open.wait(); }, [&] { done.set_value(); }});
  }
  gate.set_value();
  EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

}  // namespace
}  // namespace placard
