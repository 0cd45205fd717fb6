# The way without CMake, taken by scripts/build-addon.mjs. Flags are those of CMakeLists.txt; sources and wrapped symbols
# come from native/sources.json in both.
{
  'targets': [
    {
      'target_name': 'placard',
      'sources': [
        '<!@(node -p "require(\'./native/sources.json\').core.join(\' \')")',
        '<!@(node -p "require(\'./native/sources.json\').addon.join(\' \')")',
      ],
      'include_dirs': [
        'native',
        'node_modules/node-addon-api',
        'node_modules/@img/sharp-libvips-dev/include',
        'node_modules/com.github.asus4.onnxruntime/Plugins/iOS~/onnxruntime.xcframework/ios-arm64/onnxruntime.framework/Headers',
      ],
      'defines': ['NDEBUG', 'NAPI_VERSION=8', 'NAPI_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED',
                  'NODE_ADDON_API_CPP_EXCEPTIONS_ALL', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'],
      'cflags': ['-O3', '-Wall', '-Wextra', '-Wno-unused-parameter', '-fno-math-errno', '-fvisibility=hidden', '-pthread',
                 '-ffunction-sections', '-fdata-sections'],
      'cflags_cc': ['-std=c++20', '-fvisibility-inlines-hidden'],
      'xcode_settings': {
        'CLANG_CXX_LANGUAGE_STANDARD': 'c++20',
        'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
        'GCC_OPTIMIZATION_LEVEL': '3',
        'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
        'MACOSX_DEPLOYMENT_TARGET': '11.0',
        'OTHER_CFLAGS': ['-fno-math-errno'],
      },
      'conditions': [
        ['OS=="linux"', {
          'libraries': ['-lpthread', '-ldl'],
          'ldflags': [
            '-Wl,-z,nodelete',
            '-Wl,--gc-sections',
            '-Wl,--version-script=<(module_root_dir)/native/addon/exports.map',
            '-static-libstdc++',
            '<!@(node -p "require(\'./native/sources.json\').wrapped.map((name) => \'-Wl,--wrap=\' + name).join(\' \')")',
          ],
        }],
      ],
    },
  ],
}
