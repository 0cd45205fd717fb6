#ifndef PLACARD_RUNTIME_NETWORK_H_
#define PLACARD_RUNTIME_NETWORK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/status.h"
#include "device/tensor.h"

namespace placard {

// The shared library that runs networks in this process.
struct RuntimeLibrary {
  std::string path;
  std::string version;  // "1.30.0"
};

// Empty before the first network is opened.
std::optional<RuntimeLibrary> OpenedRuntimeLibrary();

enum class Precision { kF32, kBf16 };

// What computes a network.
struct ProviderOptions {
  std::string name = "cpu";  // "cpu", "openvino"
  std::string library;       // path of the provider's shared library; cpu needs none
  Precision precision = Precision::kF32;
};

struct NetworkOptions {
  std::string runtime;  // path of the ONNX Runtime library
  std::string weights;  // path of the ONNX file
  int threads = 1;      // inside one run; with 1 a run stays on its caller's thread
  int runs = 1;         // that may go on at a time, for providers that prepare for that
  int64_t shape_bytes = 0;  // memory for sessions of one shape each, of shapes that come often; 0 makes none
  ProviderOptions provider;
};

struct ValueDescription {
  std::string name;
  std::string type;            // "f32", or another's ORT number
  std::vector<int64_t> shape;  // -1 where any extent goes
};

// One network, loaded and ready. Run may be called from several threads at once.
class Network {
 public:
  // kModelInvalid where the file is no network that the runtime takes.
  static Result<std::shared_ptr<Network>> Open(const NetworkOptions& options);
  virtual ~Network() = default;

  virtual const std::vector<ValueDescription>& inputs() const = 0;
  virtual const std::vector<ValueDescription>& outputs() const = 0;
  // What the file's author stored beside the graph.
  virtual const std::map<std::string, std::string>& metadata() const = 0;

  // Shapes of the input that have a session of their own by now.
  virtual std::vector<std::vector<int64_t>> fixed_shapes() const = 0;

  // Columns that an input of `width` best has: the width itself, or more where the provider prepares itself for each shape
  // anew.
  virtual int Columns(int width) const = 0;

  // Takes the one input and gives every output, all f32. Cancelling the token stops it inside the runtime.
  virtual Result<std::vector<Tensor>> Run(const Tensor& input, CancelToken* cancel) const = 0;
};

}  // namespace placard

#endif  // PLACARD_RUNTIME_NETWORK_H_
