#ifndef PLACARD_RUNTIME_SESSION_H_
#define PLACARD_RUNTIME_SESSION_H_

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/status.h"
#include "device/tensor.h"
#include "runtime/network.h"
#include "runtime/onnx_runtime.h"

namespace placard {

// A network in the runtime, for inputs of any shape or of one. Run may be called from several threads at once.
class Session {
 public:
  explicit Session(const OnnxRuntime* runtime);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // kModelInvalid where the runtime or the provider does not take the file; kProviderUnavailable where the provider cannot
  // run here; kModelMismatch where the network has not one input and some output.
  Status Load(const NetworkOptions& options) { return Load(options, "", {}); }
  // The same for one shape of the input of that name.
  Status Load(const NetworkOptions& options, const std::string& input, const std::vector<int64_t>& shape);

  const std::vector<ValueDescription>& inputs() const { return inputs_; }
  const std::vector<ValueDescription>& outputs() const { return outputs_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

  // As Network::Run.
  Result<std::vector<Tensor>> Run(const Tensor& input, CancelToken* cancel) const;

 private:
  Status Check(OrtStatus* status) const;
  Status Describe();
  template <typename NameFunction, typename TypeFunction>
  Status DescribeValue(OrtAllocator* allocator, size_t index, NameFunction get_name, TypeFunction get_type,
                       std::vector<ValueDescription>* values);
  Status ReadShape(const OrtTensorTypeAndShapeInfo* info, ValueDescription* value) const;
  Status DescribeMetadata();
  Result<std::vector<Tensor>> Own(const std::vector<OrtValue*>& results, Status status) const;
  Status Wrap(std::shared_ptr<OrtValue> owner, std::vector<Tensor>* tensors) const;

  const OnnxRuntime* runtime_;
  const OrtApi* api_;
  OrtPointer<OrtSession> session_;
  OrtPointer<OrtMemoryInfo> memory_;
  std::vector<ValueDescription> inputs_;
  std::vector<ValueDescription> outputs_;
  std::map<std::string, std::string> metadata_;
  bool for_any_shape_ = true;
  mutable std::once_flag first_run_;
};

}  // namespace placard

#endif  // PLACARD_RUNTIME_SESSION_H_
