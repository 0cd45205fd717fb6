#include <napi.h>

#include "addon/environment.h"
#include "addon/handles.h"
#include "addon/operations.h"
#include "base/cpu_features.h"
#include "base/thread_pool.h"
#include "device/host_memory.h"

namespace placard {
namespace {

// state() -> {cpuLevel, bf16, poolThreads, liveBytes, storedBytes}.
Napi::Value State(const Napi::CallbackInfo& info) {
  Napi::Object state = Napi::Object::New(info.Env());
  state["cpuLevel"] = Napi::String::New(info.Env(), CpuLevelName(DetectedCpuLevel()));
  state["bf16"] = Napi::Boolean::New(info.Env(), HasBf16());
  state["poolThreads"] = Napi::Number::New(info.Env(), PoolThreads());
  state["liveBytes"] = Napi::Number::New(info.Env(), static_cast<double>(LiveHostBytes()));
  state["storedBytes"] = Napi::Number::New(info.Env(), static_cast<double>(StoredHostBytes()));
  return state;
}

Napi::Value Trim(const Napi::CallbackInfo& info) {
  TrimHost();
  return info.Env().Undefined();
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  Environment::Install(env);
  ImageHandle::Init(env, exports);
  TensorHandle::Init(env, exports);
  NetworkHandle::Init(env, exports);
  LaneHandle::Init(env, exports);
  CancelHandle::Init(env, exports);
  ConstantHandle<Lexicon>::Init(env, exports, "Lexicon");
  ConstantHandle<CharacterModel>::Init(env, exports, "CharacterModel");
  InitImageOperations(env, exports);
  InitPhotographOperation(env, exports);
  InitNetworkOperations(env, exports);
  InitMapOperations(env, exports);
  InitLineOperations(env, exports);
  InitBiasOperations(env, exports);
  InitShapeOperations(env, exports);
  exports.Set("state", Napi::Function::New<State>(env, "state"));
  exports.Set("trim", Napi::Function::New<Trim>(env, "trim"));
  return exports;
}

NODE_API_MODULE(placard, Init)

}  // namespace
}  // namespace placard
