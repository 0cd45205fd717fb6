#include "runtime/session.h"

#include <utility>

#include "device/host_memory.h"
#include "runtime/denormals.h"
#include "runtime/provider.h"
#include "runtime/runtime_call.h"

namespace placard {
namespace {

Status Exiting() { return {Code::kCancelled, "The process is exiting."}; }

Status ConfigureProvider(const OnnxRuntime& runtime, const NetworkOptions& options, const FixedShape& shape,
                         OrtSessionOptions* settings) {
  if (options.provider.name == "cpu") return ConfigureCpu(runtime, options, settings);
  if (options.provider.name == "openvino") return ConfigureOpenVino(runtime, options, shape, settings);
  return {Code::kProviderUnavailable, "There is no provider " + options.provider.name + "."};
}

}  // namespace

Session::Session(const OnnxRuntime* runtime)
    : runtime_(runtime),
      api_(runtime->api),
      session_(nullptr, api_->ReleaseSession),
      memory_(nullptr, api_->ReleaseMemoryInfo) {}

Session::~Session() {
  const RuntimeCall call;
  if (!call.allowed()) {
    session_.release();
    memory_.release();
  }
  session_.reset();
  memory_.reset();
}

Status Session::Load(const NetworkOptions& options, const std::string& input, const std::vector<int64_t>& shape) {
  const RuntimeCall call;
  if (!call.allowed()) return Exiting();
  OrtSessionOptions* raw = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(api_->CreateSessionOptions(&raw)));
  const OrtPointer<OrtSessionOptions> settings(raw, api_->ReleaseSessionOptions);
  PLACARD_RETURN_IF_ERROR(Check(api_->SetInterOpNumThreads(settings.get(), 1)));
  PLACARD_RETURN_IF_ERROR(ConfigureProvider(*runtime_, options, {input, shape}, settings.get()));

  OrtMemoryInfo* memory = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(api_->CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &memory)));
  memory_.reset(memory);

  const DenormalsAreZero guard;
  OrtSession* session = nullptr;
  const Status loaded =
      FromOrt(api_, api_->CreateSession(runtime_->environment, options.weights.c_str(), settings.get(), &session),
              Code::kModelInvalid);
  if (!loaded.ok()) return {Code::kModelInvalid, "Cannot load the network " + options.weights + ": " + loaded.message()};
  session_.reset(session);
  // The first session of a network has made what static objects there are.
  for_any_shape_ = input.empty();
  if (for_any_shape_) StopRuntimeCallsBeforeLibraryExits();
  PLACARD_RETURN_IF_ERROR(Describe());
  return DescribeMetadata();
}

Result<std::vector<Tensor>> Session::Run(const Tensor& input, CancelToken* cancel) const {
  OrtRunOptions* raw_options = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(api_->CreateRunOptions(&raw_options)));
  const OrtPointer<OrtRunOptions> options(raw_options, api_->ReleaseRunOptions);
  const auto stop = [&] {
    OrtStatus* ignored = api_->RunOptionsSetTerminate(options.get());
    if (ignored != nullptr) api_->ReleaseStatus(ignored);
  };
  const RuntimeCall call(stop);
  if (!call.allowed()) return Exiting();
  OrtValue* raw_input = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(api_->CreateTensorWithDataAsOrtValue(
      memory_.get(), input.data, static_cast<size_t>(input.size()) * sizeof(float), input.shape.data(),
      input.shape.size(), ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &raw_input)));
  const OrtPointer<OrtValue> value(raw_input, api_->ReleaseValue);

  const char* input_name = inputs_[0].name.c_str();
  std::vector<const char*> output_names;
  for (const auto& output : outputs_) output_names.push_back(output.name.c_str());
  std::vector<OrtValue*> results(outputs_.size(), nullptr);
  const OrtValue* arguments[] = {value.get()};
  Status status;
  {
    const CancelToken::Registration registration(cancel, stop);
    const DenormalsAreZero guard;
    status = Check(api_->Run(session_.get(), options.get(), &input_name, arguments, 1, output_names.data(),
                             output_names.size(), results.data()));
  }
  if (for_any_shape_) std::call_once(first_run_, StopRuntimeCallsBeforeLibraryExits);
  if (cancel->cancelled()) status = cancel->Check();
  return Own(results, std::move(status));
}

// Takes the results of a run; they are dropped where it failed.
Result<std::vector<Tensor>> Session::Own(const std::vector<OrtValue*>& results, Status status) const {
  std::vector<Tensor> tensors;
  for (OrtValue* result : results) {
    if (result == nullptr) continue;
    std::shared_ptr<OrtValue> owner(result, [release = api_->ReleaseValue](OrtValue* value) {
      const RuntimeCall call;
      if (call.allowed()) release(value);
    });
    if (status.ok()) status = Wrap(std::move(owner), &tensors);
  }
  if (!status.ok()) return status;
  return tensors;
}

Status Session::Check(OrtStatus* status) const { return FromOrt(api_, status, Code::kRuntimeFailed); }

template <typename NameFunction, typename TypeFunction>
Status Session::DescribeValue(OrtAllocator* allocator, size_t index, NameFunction get_name, TypeFunction get_type,
                              std::vector<ValueDescription>* values) {
  ValueDescription value;
  char* name = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(get_name(session_.get(), index, allocator, &name)));
  value.name = name;
  allocator->Free(allocator, name);
  OrtTypeInfo* raw = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(get_type(session_.get(), index, &raw)));
  const OrtPointer<OrtTypeInfo> type(raw, api_->ReleaseTypeInfo);
  const OrtTensorTypeAndShapeInfo* shape = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(api_->CastTypeInfoToTensorInfo(type.get(), &shape)));
  if (shape == nullptr) return {Code::kModelMismatch, "Expected a tensor for " + value.name + "."};
  PLACARD_RETURN_IF_ERROR(ReadShape(shape, &value));
  values->push_back(std::move(value));
  return {};
}

Status Session::Describe() {
  OrtAllocator* allocator = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(api_->GetAllocatorWithDefaultOptions(&allocator)));
  size_t input_count = 0, output_count = 0;
  PLACARD_RETURN_IF_ERROR(Check(api_->SessionGetInputCount(session_.get(), &input_count)));
  PLACARD_RETURN_IF_ERROR(Check(api_->SessionGetOutputCount(session_.get(), &output_count)));
  for (size_t i = 0; i < input_count; ++i) {
    PLACARD_RETURN_IF_ERROR(
        DescribeValue(allocator, i, api_->SessionGetInputName, api_->SessionGetInputTypeInfo, &inputs_));
  }
  for (size_t i = 0; i < output_count; ++i) {
    PLACARD_RETURN_IF_ERROR(
        DescribeValue(allocator, i, api_->SessionGetOutputName, api_->SessionGetOutputTypeInfo, &outputs_));
  }
  if (input_count != 1 || output_count == 0) {
    return {Code::kModelMismatch, "Expected a network with 1 input and some output but this one has " +
                                      std::to_string(input_count) + " and " + std::to_string(output_count) + "."};
  }
  return {};
}

Status Session::ReadShape(const OrtTensorTypeAndShapeInfo* info, ValueDescription* value) const {
  ONNXTensorElementDataType element;
  PLACARD_RETURN_IF_ERROR(Check(api_->GetTensorElementType(info, &element)));
  value->type = element == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT ? "f32" : std::to_string(element);
  size_t rank = 0;
  PLACARD_RETURN_IF_ERROR(Check(api_->GetDimensionsCount(info, &rank)));
  value->shape.resize(rank);
  return Check(api_->GetDimensions(info, value->shape.data(), rank));
}

Status Session::DescribeMetadata() {
  OrtAllocator* allocator = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(api_->GetAllocatorWithDefaultOptions(&allocator)));
  OrtModelMetadata* raw = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(api_->SessionGetModelMetadata(session_.get(), &raw)));
  const OrtPointer<OrtModelMetadata> metadata(raw, api_->ReleaseModelMetadata);
  char** keys = nullptr;
  int64_t count = 0;
  PLACARD_RETURN_IF_ERROR(Check(api_->ModelMetadataGetCustomMetadataMapKeys(raw, allocator, &keys, &count)));
  Status status;
  for (int64_t i = 0; i < count; ++i) {
    char* text = nullptr;
    if (status.ok()) {
      status = Check(api_->ModelMetadataLookupCustomMetadataMap(raw, allocator, keys[i], &text));
      if (text != nullptr) {
        metadata_[keys[i]] = text;
        allocator->Free(allocator, text);
      }
    }
    allocator->Free(allocator, keys[i]);
  }
  if (keys != nullptr) allocator->Free(allocator, keys);
  return status;
}

Status Session::Wrap(std::shared_ptr<OrtValue> owner, std::vector<Tensor>* tensors) const {
  OrtTensorTypeAndShapeInfo* raw = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(api_->GetTensorTypeAndShape(owner.get(), &raw)));
  const OrtPointer<OrtTensorTypeAndShapeInfo> info(raw, api_->ReleaseTensorTypeAndShapeInfo);
  ValueDescription value;
  PLACARD_RETURN_IF_ERROR(ReadShape(raw, &value));
  if (value.type != "f32") return {Code::kModelMismatch, "Expected f32 outputs but received type " + value.type + "."};
  void* data = nullptr;
  PLACARD_RETURN_IF_ERROR(Check(api_->GetTensorMutableData(owner.get(), &data)));
  Tensor tensor{std::move(value.shape), static_cast<float*>(data), nullptr};
  const auto bytes = tensor.size() * static_cast<int64_t>(sizeof(float));
  CountLiveHost(bytes);
  tensor.owner = std::shared_ptr<void>(data, [owner, bytes](void*) { CountLiveHost(-bytes); });
  tensors->push_back(std::move(tensor));
  return {};
}

}  // namespace placard
