"""Colours that people can read on what is behind them (WCAG 2.2, 1.4.3: a contrast of 4.5)."""

from __future__ import annotations

import colorsys

Colour = tuple[float, float, float]
"""Red, green, blue, each from 0 to 1."""

CONTRAST = 4.6  # a little more than the 4.5 asked for, since colours are rounded


def readable(colour: Colour, ground: Colour) -> Colour:
    """Return the colour nearest to `colour`, of the same hue, that stands out enough from `ground`."""
    if contrast(colour, ground) >= CONTRAST:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    bad, good = lightness, extreme(ground)[0]
    for _ in range(12):
        middle = (bad + good) / 2
        enough = contrast(colorsys.hls_to_rgb(hue, middle, saturation), ground) >= CONTRAST
        bad, good = (bad, middle) if enough else (middle, good)
    return colorsys.hls_to_rgb(hue, good, saturation)


def extreme(ground: Colour) -> Colour:
    """Return black or white, whichever stands out more."""
    return max((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), key=lambda colour: contrast(colour, ground))


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of WCAG 2.2, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def mix(ground: Colour, ink: Colour, share: float) -> Colour:
    """Return `ground` with a `share` of `ink` on it."""
    red, green, blue = (below + (above - below) * share for below, above in zip(ground, ink, strict=True))
    return red, green, blue


def parse(colour: str) -> Colour:
    """Return the colour `#rrggbb` or `#rgb`, with or without `#`."""
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return red, green, blue


def written(colour: Colour) -> str:
    """Return a colour as CSS has it: `#rrggbb`, or `#rgb` if that says all."""
    digits = "".join(f"{round(part * 255):02x}" for part in colour)
    short = digits[::2] if digits[::2] == digits[1::2] else digits
    return f"#{short}"
