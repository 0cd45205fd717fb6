#include "runtime/provider.h"

namespace placard {

Status ConfigureCpu(const OnnxRuntime& runtime, const NetworkOptions& options, OrtSessionOptions* settings) {
  const OrtApi* api = runtime.api;
  const auto check = [api](OrtStatus* status) { return FromOrt(api, status, Code::kRuntimeFailed); };
  if (options.provider.precision != Precision::kF32) {
    return {Code::kProviderUnavailable, "The provider cpu computes in f32 alone."};
  }
  PLACARD_RETURN_IF_ERROR(check(api->SetIntraOpNumThreads(settings, options.threads)));
  PLACARD_RETURN_IF_ERROR(check(api->SetSessionGraphOptimizationLevel(settings, ORT_ENABLE_ALL)));
  // Shapes change from picture to picture: the arena and the patterns it plans with would only grow. What runs need comes
  // from a bounded store instead.
  PLACARD_RETURN_IF_ERROR(check(api->DisableCpuMemArena(settings)));
  PLACARD_RETURN_IF_ERROR(check(api->DisableMemPattern(settings)));
  PLACARD_RETURN_IF_ERROR(check(api->AddSessionConfigEntry(settings, "session.use_env_allocators", "1")));
  return check(api->AddSessionConfigEntry(settings, "session.set_denormal_as_zero", "1"));
}

}  // namespace placard
