#ifndef PLACARD_ADDON_ENVIRONMENT_H_
#define PLACARD_ADDON_ENVIRONMENT_H_

#include <napi.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

namespace placard {

class Job;

// What the addon keeps for one JavaScript environment (the main thread's or a worker's). Jobs run on pool threads and come
// back through one thread-safe function, which keeps the event loop alive only while jobs are in flight.
//
// At the environment's end its cleanup hook cancels what runs and waits for it: no pool thread touches the environment, its
// function or a pinned buffer after that.
class Environment : public std::enable_shared_from_this<Environment> {
 public:
  // The instance of `env`, made and hooked on first use.
  static std::shared_ptr<Environment> Install(Napi::Env env);
  static Environment* Of(Napi::Env env);

  // JavaScript thread: the job is in flight from here until it is settled. False once the environment is ending.
  bool Admit(Job* job);
  // Any thread, once a job: hands it back to the JavaScript thread.
  void Complete(std::unique_ptr<Job> job);

  // Constructors of the handle classes, set by their Init.
  Napi::FunctionReference image_class, tensor_class, network_class, lane_class, cancel_class, lexicon_class,
      character_model_class;

 private:
  static void Cleanup(void* self);
  static void Settle(Napi::Env env, Napi::Function, Environment* self);
  std::vector<std::unique_ptr<Job>> TakeCompleted();

  Napi::ThreadSafeFunction settle_;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::unordered_set<Job*> running_;
  std::vector<std::unique_ptr<Job>> completed_;
  int in_flight_ = 0;  // JavaScript thread only: admitted and not yet settled
  bool ending_ = false;
};

}  // namespace placard

#endif  // PLACARD_ADDON_ENVIRONMENT_H_
