"""Read a picture (a scan, a photograph of a page, a fax) by recognising its characters.

Knows how pictures are opened and made fit to be recognised; `scanned` recognises them."""

import io
import struct
import warnings
from collections.abc import Iterator

from PIL import Image, ImageOps

from retrieval.limits import in_force
from retrieval.loading.composing import Composer
from retrieval.loading.hyphens import known_words, mend
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.scanned import (
    REMEDY,
    NoTesseract,
    Picture,
    Recognised,
    confidences,
    doubtful,
    lacks_dutch,
    page_ranges,
    recognise,
)

# What Pillow and its decoders raise on a picture that is cut off, fuzzed or of a kind they do not know.
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, struct.error, OverflowError, IndexError, KeyError, TypeError)
_PAGED = frozenset({"TIFF", "MPO"})
# Of these formats the frames are pages; of others (GIF, WebP, PNG) they are an animation, which begins with the first.

# Below 150 dots to an inch letters are too small to be recognised: at 72, enlarging to 200 brings back 99 % of a
# page's words instead of 87 %. At 150 and more it brings nothing.
_COARSE_DPI = 150
_ENLARGED_DPI = 200
_MOST_ENLARGED = 3.0
# The long side of A4, for pictures that do not say how large they are.
_PAGE_INCHES = 11.7


def load_picture(name: str, content: bytes) -> Loaded:
    """Read the bytes of the picture called `name`. Raises NotLoaded."""
    pages: dict[int, Recognised] = {}
    try:
        for number, picture in enumerate(_pictures(name, content), start=1):
            pages[number] = recognise(picture)
    except NoTesseract:
        raise NotLoaded(f"{name} is a picture; {REMEDY}.") from None
    if not any(page.paragraphs for page in pages.values()):
        raise NotLoaded(f"{name} is a picture in which no text was recognised; add a clearer scan if it holds any.")
    composer = Composer(name)
    known = known_words(paragraph for page in pages.values() for paragraph in page.paragraphs)
    for number, page in pages.items():
        for paragraph in page.paragraphs:
            composer.add(mend(paragraph, known), page=number)
    return composer.loaded(metadata=confidences(pages), warnings=list(_warnings(name, pages)))


def _pictures(name: str, content: bytes) -> Iterator[Picture]:
    """The pages of a picture, as they are needed: only one is held in memory."""
    limits = in_force.get()
    with warnings.catch_warnings():
        # Pillow warns of large pictures and odd metadata; the bounds below are ours.
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content)) as image:
                frames = getattr(image, "n_frames", 1) if image.format in _PAGED else 1
                for frame in range(min(frames, limits.scanned_pages)):
                    image.seek(frame)
                    if image.width * image.height > limits.pixels:
                        raise _too_large(name)
                    yield _picture(image)
        except Image.DecompressionBombError as error:
            raise _too_large(name) from error
        except _DAMAGED as error:
            raise NotLoaded(
                f"{name} is a damaged picture, or of a kind that is not known; save it as .png and add that."
            ) from error


def _picture(image: Image.Image) -> Picture:
    grey = _grey(ImageOps.exif_transpose(image))
    dpi = _dpi(image)
    if dpi < _COARSE_DPI:
        factor = min(_ENLARGED_DPI / dpi, _MOST_ENLARGED)
        grey = grey.resize((round(grey.width * factor), round(grey.height * factor)), Image.Resampling.LANCZOS)
        dpi *= factor
    return Picture(grey.width, grey.height, grey.tobytes(), round(dpi))


def _grey(image: Image.Image) -> Image.Image:
    """What is transparent is paper; of 16 bits the upper ones count."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        coloured = image.convert("RGBA")
        paper = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(paper, coloured).convert("L")
    return image.convert("L")


def _dpi(image: Image.Image) -> float:
    told = image.info.get("dpi")
    if isinstance(told, tuple) and told and 50 <= float(told[0]) <= 2400:
        return float(told[0])
    return max(image.width, image.height, 1) / _PAGE_INCHES


def _too_large(name: str) -> NotLoaded:
    return NotLoaded(
        f"{name} is a picture of more than {in_force.get().pixels // 10**6} million pixels; "
        "scan it at 300 dpi and add that."
    )


def _warnings(name: str, pages: dict[int, Recognised]) -> Iterator[str]:
    yield f"{name} is a picture; its text was recognised (OCR) and may hold reading errors."
    if lacks_dutch():
        yield f"{name} was recognised as English only; install tesseract-ocr-nld for Dutch and add it again."
    if unsure := doubtful(pages):
        yield f"{name} was recognised with little confidence on {page_ranges(unsure)}; check what it says."
    if empty := [number for number, page in pages.items() if not page.paragraphs]:
        yield f"{name} holds no text that could be recognised on {page_ranges(empty)}."
    if len(pages) == in_force.get().scanned_pages:
        yield f"{name} was recognised up to page {len(pages)}; split it to have the rest read."
