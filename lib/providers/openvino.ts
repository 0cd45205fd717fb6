import type { PluginRelease } from './provider.ts';

/** OpenVINO's execution provider: what of its wheel computes on CPUs, without its plugins for other devices. */
export const openvino: PluginRelease = {
  name: 'openvino',
  title: 'OpenVINO',
  package: 'onnxruntime-ep-openvino',
  version: '1.8.1',
  wheel: {
    file: 'onnxruntime_ep_openvino-1.8.1-py3-none-manylinux_2_28_x86_64.whl',
    sha256: '3832643158c8c187fcab6db661cde2a8c06a2b3559d95d0f2411ac0e51c5e924',
    bytes: 52_587_628,
  },
  license: 'MIT; OpenVINO: Apache-2.0',
  platform: 'linux-x64',
  folder: 'onnxruntime_ep_openvino',
  library: 'libonnxruntime_providers_openvino_plugin.so',
  files: [
    {
      file: 'libonnxruntime_providers_openvino_plugin.so',
      sha256: '99644306dea90173d2fac5e2ad8d10c9574ecf6e6e71ca30e426531abd5a717f',
      bytes: 3_069_280,
    },
    {
      file: 'libopenvino.so.2641',
      sha256: '9b9a80ac1f18e07b13ed54459d9a865bcfe9dc170dbf8fe740c2974b85ecedc1',
      bytes: 20_526_937,
    },
    {
      file: 'libopenvino_intel_cpu_plugin.so',
      sha256: '6599e3dd300d047b5ed72f8e48101c5f312c25321f35f57f803641ff8372900b',
      bytes: 63_691_929,
    },
    {
      file: 'libopenvino_onnx_frontend.so.2641',
      sha256: '82d499f5b5e8514def7aaa1ecd5a9f570542d33ae9d00a0077f707cccd0e0192',
      bytes: 6_827_321,
    },
    {
      file: 'libtbb.so.12',
      sha256: 'ac9518497a4f2cb6729792730f145ee58367316031511923fef263c9ac81ca61',
      bytes: 369_313,
    },
    {
      file: 'third-party-programs.txt',
      sha256: 'cf1dc931aee305019c370a5e6398040e43afa8e22664118710f8b0e13c02de0c',
      bytes: 13_680,
    },
  ],
};
