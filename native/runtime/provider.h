#ifndef PLACARD_RUNTIME_PROVIDER_H_
#define PLACARD_RUNTIME_PROVIDER_H_

#include <string>

#include "runtime/network.h"
#include "runtime/onnx_runtime.h"

namespace placard {

// Says in a session's settings what it is to run on. One file a provider.
Status ConfigureCpu(const OnnxRuntime& runtime, const NetworkOptions& options, OrtSessionOptions* settings);
Status ConfigureOpenVino(const OnnxRuntime& runtime, const NetworkOptions& options, OrtSessionOptions* settings);

}  // namespace placard

#endif  // PLACARD_RUNTIME_PROVIDER_H_
