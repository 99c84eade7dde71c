"""Pictures of pages, as the documentation shows them: with few colours, for they are kept with the sources."""
import io

from PIL import Image

COLOURS = 64


class Pictures:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page, name, highest=1400, blur=True):
        """The page from its top, and no more than `highest` pixels of it; without `blur` the window as it is, in which
        what has the focus shows it, and a dialog is where it opened."""
        if blur:
            page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        width, height = page.evaluate("[innerWidth, Math.max(innerHeight, document.documentElement.scrollHeight)]")
        whole = {"full_page": True, "clip": {"x": 0, "y": 0, "width": width, "height": min(height, highest)}}
        taken = page.screenshot(animations="disabled", scale="css", **(whole if blur else {}))
        few = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(self.folder / (name + ".png"), optimize=True)
