"""Writes native/kernels/opencv_vectors.h: OpenCV's answers that the native tests compare with.

    python bench/kernels/opencv_vectors.py > native/kernels/opencv_vectors.h

Needs numpy and opencv-python-headless >= 5 (its float paths are exact to a few thousandths of a gray level). The sources
are the noise of native/kernels/noise_picture.h; answers are in gray levels.
"""

import cv2
import numpy as np

INVERSE_LINEAR = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

# Two perspective maps from an 11 x 7 destination: one that stays inside a 19 x 14 source, one that leaves it on all sides.
INSIDE = np.array([[1.1, 0.2, 2.25], [-0.15, 1.2, 3.5], [0.004, -0.003, 1.0]])
OUTSIDE = np.array([[2.6, 0.3, -4.75], [-0.2, 3.3, -3.6], [0.006, 0.004, 1.0]])


def noise(width, height, channels, seed=1):
    values = np.empty(width * height * channels, np.uint8)
    for i in range(values.size):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        values[i] = seed >> 24
    return values.reshape((height, width, channels) if channels > 1 else (height, width))


def show(name, values, kind="float"):
    digits = "{:.3f}" if kind == "float" else "{:.17g}"
    texts = [digits.format(v).rstrip("0").rstrip(".") if kind == "float" else digits.format(v) for v in np.ravel(values)]
    print(f"inline constexpr {kind} {name}[] = {{")
    line = "   "
    for text in texts:
        if len(line) + len(text) + 2 > 120:
            print(line)
            line = "   "
        line += f" {text},"
    print(line)
    print("};")


def resized(source, width, height):
    return cv2.resize(source.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)


def warped(source, matrix, border, value=(0, 0, 0)):
    return cv2.warpPerspective(
        source.astype(np.float32), matrix, (11, 7), flags=INVERSE_LINEAR, borderMode=border, borderValue=value
    )


def main():
    cv2.setNumThreads(1)
    print("#ifndef PLACARD_KERNELS_OPENCV_VECTORS_H_")
    print("#define PLACARD_KERNELS_OPENCV_VECTORS_H_\n")
    print(f"// OpenCV {cv2.__version__}'s answers in gray levels, written by bench/kernels/opencv_vectors.py.\n")
    print("namespace placard::opencv {\n")
    color, gray = noise(19, 14, 3), noise(19, 14, 1)
    show("kEnlargedColor", resized(color, 23, 5))
    show("kReducedColor", resized(color, 7, 9))
    show("kReducedGray", resized(gray, 3, 20))
    luma = cv2.cvtColor(color.astype(np.float32), cv2.COLOR_RGB2GRAY)
    show("kReducedLuma", resized(luma, 7, 9))
    show("kInsideColor", warped(color, INSIDE, cv2.BORDER_REPLICATE))
    show("kInsideGray", warped(gray, INSIDE, cv2.BORDER_REPLICATE))
    show("kInsideLuma", warped(luma, INSIDE, cv2.BORDER_REPLICATE))
    show("kReplicatedColor", warped(color, OUTSIDE, cv2.BORDER_REPLICATE))
    show("kReflectedColor", warped(color, OUTSIDE, cv2.BORDER_REFLECT_101))
    show("kConstantColor", warped(color, OUTSIDE, cv2.BORDER_CONSTANT, (10, 20, 30)))
    show("kConstantGray", warped(gray, OUTSIDE, cv2.BORDER_CONSTANT, (10, 0, 0)))
    corners = np.array([[0, 0], [300, 0], [300, 100], [0, 100]], np.float32)
    sign = np.array([[400.5, 300.25], [690, 330.75], [700.125, 440], [390, 401.5]], np.float32)
    show("kSignTransform", cv2.getPerspectiveTransform(corners, sign, cv2.DECOMP_LU), "double")
    show("kSignTransformInverse", cv2.getPerspectiveTransform(sign, corners, cv2.DECOMP_LU), "double")
    print("\n}  // namespace placard::opencv\n")
    print("#endif  // PLACARD_KERNELS_OPENCV_VECTORS_H_")


if __name__ == "__main__":
    main()
