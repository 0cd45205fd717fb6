#include <array>
#include <string>

#include "runtime/provider.h"
#include "runtime/provider_library.h"

namespace placard {
namespace {

constexpr ProviderLibraryNames kNames{"OpenVINO", "OpenVINOExecutionProvider", "ov_device", "CPU"};

// Properties of OpenVINO's CPU plugin. A stream is a run at a time, with threads of its own where there are several; one
// stream of one thread stays on its caller's. Threads are not pinned: the process's other threads have a right to every CPU.
std::string Properties(const NetworkOptions& options) {
  const std::string runs = std::to_string(options.runs), threads = std::to_string(options.runs * options.threads);
  const std::string precision = options.provider.precision == Precision::kBf16 ? "bf16" : "f32";
  return R"({"CPU":{"INFERENCE_PRECISION_HINT":")" + precision + R"(","NUM_STREAMS":")" + runs +
         R"(","INFERENCE_NUM_THREADS":")" + threads + R"(","ENABLE_CPU_PINNING":"NO"}})";
}

// "x[1,3,736,1280]".
std::string InOptions(const FixedShape& shape) {
  std::string text = shape.input + "[";
  for (size_t i = 0; i < shape.shape.size(); ++i) text += (i > 0 ? "," : "") + std::to_string(shape.shape[i]);
  return text + "]";
}

}  // namespace

Status ConfigureOpenVino(const OnnxRuntime& runtime, const NetworkOptions& options, const FixedShape& shape,
                         OrtSessionOptions* settings) {
  const Result<const ProviderLibrary*> library = RegisterProviderLibrary(runtime, kNames, options.provider.library);
  if (!library.ok()) return library.status();
  const OrtApi* api = (*library)->api;
  const auto check = [api](OrtStatus* status) { return FromOrt(api, status, Code::kRuntimeFailed); };
  // OpenVINO rewrites the graph by itself, and knows none of the operators that the runtime would fuse.
  PLACARD_RETURN_IF_ERROR(check(api->SetSessionGraphOptimizationLevel(settings, ORT_DISABLE_ALL)));
  PLACARD_RETURN_IF_ERROR(check(api->SetIntraOpNumThreads(settings, 1)));
  PLACARD_RETURN_IF_ERROR(check(api->DisableCpuMemArena(settings)));
  // All of a network or none of it: what runs is what is reported.
  PLACARD_RETURN_IF_ERROR(check(api->AddSessionConfigEntry(settings, "session.disable_cpu_ep_fallback", "1")));
  const std::string properties = Properties(options), fixed = InOptions(shape);
  const std::array<const char*, 2> keys{"load_config", "reshape_input"};
  const std::array<const char*, 2> values{properties.c_str(), fixed.c_str()};
  const OrtEpDevice* device = (*library)->device;
  return check(api->SessionOptionsAppendExecutionProvider_V2(settings, runtime.environment, &device, 1, keys.data(),
                                                             values.data(), shape.input.empty() ? 1 : 2));
}

int OpenVinoColumns(int width) {
  // Steps that waste less than a tenth of a line: 56 shapes from 48 to 3200 columns.
  const int step = width <= 256 ? 8 : width <= 512 ? 32 : width <= 1024 ? 64 : width <= 2048 ? 128 : 256;
  return (width + step - 1) / step * step;
}

}  // namespace placard
