"""A tenant's colour as pages need it: shades of it that can be read, in the light look and in the dark one.

Contrast is that of WCAG 2.2 (1.4.3 and 1.4.11): 4.5 for words, 3 for what is no word, such as a switch.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

WORDS: Final = 4.5
SHAPES: Final = 3.0
HEX: Final = re.compile(r"#[0-9a-f]{6}")

type Colour = tuple[int, int, int]

WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)
INK: Final[Colour] = (0x17, 0x1A, 0x20)
_LIGHT: Final[tuple[Colour, ...]] = (WHITE, (0xF6, 0xF7, 0xF9), (0xF0, 0xF2, 0xF5))
_DARK: Final[tuple[Colour, ...]] = ((0x14, 0x18, 0x1E), (0x0D, 0x10, 0x15), (0x1B, 0x20, 0x28))
_STEPS: Final = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Shades:
    """What one look takes from a colour: a button, the same under the pointer, what is written on it, words, and a
    quiet ground."""

    fill: Colour
    hover: Colour
    on: Colour
    text: Colour
    soft: Colour


def colour_of(text: str) -> Colour:
    """Red, green and blue of ``#rrggbb``; anything else is a ValueError."""
    if not HEX.fullmatch(text):
        raise ValueError(text)
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def hex_of(colour: Colour) -> str:
    """The colour as style sheets write it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def contrast(one: Colour, other: Colour) -> float:
    """How well one is seen on the other, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Colour) -> float:
    """How bright it is, from 0 to 1."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def light(colour: Colour) -> Shades:
    """The shades on a light ground."""
    return _shades(colour, grounds=_LIGHT, towards=BLACK, quiet=0.1)


def dark(colour: Colour) -> Shades:
    """The shades on a dark ground."""
    return _shades(colour, grounds=_DARK, towards=WHITE, quiet=0.18)


def style_sheet(colour: Colour, *, in_light: str, in_dark: str) -> str:
    """Rules that put the colour in the place of the product's own; both selectors are ours."""
    return "".join(
        f"{selector}{{--ff-accent:{hex_of(of.fill)};--ff-accent-hover:{hex_of(of.hover)};"
        f"--ff-accent-text:{hex_of(of.text)};--ff-accent-soft:{hex_of(of.soft)};--ff-on-accent:{hex_of(of.on)};"
        f"--ff-tenant:{hex_of(of.fill)};--ff-on-tenant:{hex_of(of.on)};"
        f"--ff-ring:0 0 0 2px var(--ff-surface),0 0 0 4px {hex_of(of.text)}}}\n"
        for selector, of in ((in_light, light(colour)), (in_dark, dark(colour)))
    )


def _shades(colour: Colour, *, grounds: tuple[Colour, ...], towards: Colour, quiet: float) -> Shades:
    soft = _mixed(grounds[0], colour, quiet)
    fill = _until(colour, towards, lambda shade: min(contrast(shade, ground) for ground in grounds) >= SHAPES)
    fill = _until(fill, BLACK, lambda shade: max(contrast(shade, WHITE), contrast(shade, INK)) >= WORDS)
    on = WHITE if contrast(fill, WHITE) >= WORDS else INK
    text = _until(colour, towards, lambda shade: min(contrast(shade, ground) for ground in (*grounds, soft)) >= WORDS)
    return Shades(fill=fill, hover=_mixed(fill, BLACK if on == WHITE else WHITE, 0.14), on=on, text=text, soft=soft)


def _until(colour: Colour, towards: Colour, good: Callable[[Colour], bool]) -> Colour:
    """The first shade on the way to black or white that is good."""
    shades = (_mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next((shade for shade in shades if good(shade)), towards)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
