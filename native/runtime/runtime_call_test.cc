#include "runtime/runtime_call.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

namespace placard {
namespace {

std::atomic<bool> ended{false};

// Exits while a call is under way that made something which an exit handler destroys.
[[noreturn]] void ExitMidCall() {
  StopRuntimeCallsWithMainThread();
  std::atomic<bool> begun{false}, stopped{false};
  std::thread([&] {
    const RuntimeCall call([&] { stopped = true; });
    std::atexit([] {
      if (!ended) std::_Exit(1);
    });
    begun = true;
    while (!stopped) std::this_thread::yield();
    // Runs take a while to stop.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ended = true;
  }).detach();
  while (!begun) std::this_thread::yield();
  std::exit(7);
}

TEST(RuntimeCall, EndsBeforeExitHandlersRun) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(ExitMidCall(), testing::ExitedWithCode(7), "");
}

[[noreturn]] void ExitAndCall() {
  StopRuntimeCallsWithMainThread();
  std::atexit([] {
    const RuntimeCall call;
    if (call.allowed()) std::_Exit(1);
  });
  std::exit(7);
}

TEST(RuntimeCall, IsRefusedOnceTheProcessExits) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_TRUE(RuntimeCall().allowed());
  EXPECT_EXIT(ExitAndCall(), testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace placard
