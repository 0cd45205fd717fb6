#ifndef PLACARD_RUNTIME_PROVIDER_H_
#define PLACARD_RUNTIME_PROVIDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/network.h"
#include "runtime/onnx_runtime.h"

namespace placard {

// The one shape that a session is for; none where the name is empty.
struct FixedShape {
  std::string input;
  std::vector<int64_t> shape;
};

// Says in a session's settings what it is to run on. One file a provider.
Status ConfigureCpu(const OnnxRuntime& runtime, const NetworkOptions& options, OrtSessionOptions* settings);
Status ConfigureOpenVino(const OnnxRuntime& runtime, const NetworkOptions& options, const FixedShape& shape,
                         OrtSessionOptions* settings);

// What a line of `width` columns is best stretched to, so that lines share few shapes: OpenVINO compiles its kernels for each
// anew. Never less than the width; grows with it.
int OpenVinoColumns(int width);

}  // namespace placard

#endif  // PLACARD_RUNTIME_PROVIDER_H_
