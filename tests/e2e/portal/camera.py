"""Pictures of pages, as the documentation shows them."""


class Pictures:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page, name, highest=1400, blur=True):
        """The page from its top, and no more than `highest` pixels of it; without `blur` what has the focus shows it."""
        if blur:
            page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        size = page.evaluate("[innerWidth, Math.max(innerHeight, document.documentElement.scrollHeight)]")
        page.screenshot(path=self.folder / (name + ".png"), full_page=True, animations="disabled", scale="css",
                        clip={"x": 0, "y": 0, "width": size[0], "height": min(size[1], highest)})
