#include "runtime/network.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "runtime/fixed_sessions.h"
#include "runtime/provider.h"
#include "runtime/session.h"

namespace placard {
namespace {

class SessionNetwork final : public Network {
 public:
  SessionNetwork(const OnnxRuntime* runtime, NetworkOptions options)
      : runtime_(runtime), options_(std::move(options)), any_(runtime) {}

  Status Load() {
    PLACARD_RETURN_IF_ERROR(any_.Load(options_));
    if (options_.shape_bytes <= 0) return {};
    std::error_code failed;
    const auto weights_bytes = static_cast<int64_t>(std::filesystem::file_size(options_.weights, failed));
    if (failed) return {};
    fixed_ = std::make_shared<FixedSessions>(runtime_, options_, any_.inputs()[0].name, weights_bytes);
    return {};
  }

  const std::vector<ValueDescription>& inputs() const override { return any_.inputs(); }
  const std::vector<ValueDescription>& outputs() const override { return any_.outputs(); }
  const std::map<std::string, std::string>& metadata() const override { return any_.metadata(); }
  std::vector<std::vector<int64_t>> fixed_shapes() const override {
    return fixed_ == nullptr ? std::vector<std::vector<int64_t>>() : fixed_->shapes();
  }

  int Columns(int width) const override {
    return options_.provider.name == "openvino" ? OpenVinoColumns(width) : width;
  }

  Result<std::vector<Tensor>> Run(const Tensor& input, CancelToken* cancel) const override {
    if (fixed_ != nullptr) {
      const std::shared_ptr<const Session> session = fixed_->Use(input.shape);
      if (session != nullptr) return session->Run(input, cancel);
    }
    return any_.Run(input, cancel);
  }

 private:
  const OnnxRuntime* runtime_;
  const NetworkOptions options_;
  Session any_;
  std::shared_ptr<FixedSessions> fixed_;
};

}  // namespace

std::optional<RuntimeLibrary> OpenedRuntimeLibrary() {
  const OnnxRuntime* runtime = OpenedOnnxRuntime();
  if (runtime == nullptr) return std::nullopt;
  return RuntimeLibrary{runtime->path, runtime->version};
}

Result<std::shared_ptr<Network>> Network::Open(const NetworkOptions& options) {
  const Result<const OnnxRuntime*> runtime = OpenOnnxRuntime(options.runtime);
  if (!runtime.ok()) return runtime.status();
  auto network = std::make_shared<SessionNetwork>(*runtime, options);
  PLACARD_RETURN_IF_ERROR(network->Load());
  return std::shared_ptr<Network>(std::move(network));
}

}  // namespace placard
