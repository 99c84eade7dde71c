/* Replays a corpus folder through a fuzz target: whole, cut at every byte, and with every bit of its start flipped. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { CUTS_MAX = 600, FLIPS_MAX = 200 };

/* A fresh allocation each time, so that a sanitizer sees the first byte beyond the end. */
static void feed(const uint8_t *data, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy) abort();
    memcpy(copy, data, n);
    (void)LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

static void replay(uint8_t *data, size_t n)
{
    feed(data, n);
    for (size_t cut = 0; cut < n && cut < CUTS_MAX; cut++) feed(data, cut);
    for (size_t i = 0; i < n && i < FLIPS_MAX; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            data[i] = (uint8_t)(data[i] ^ 1u << bit);
            feed(data, n);
            data[i] = (uint8_t)(data[i] ^ 1u << bit);
        }
    }
}

static int replay_file(const char *folder, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f) return 0;
    static uint8_t data[1 << 20];
    const size_t n = fread(data, 1, sizeof data, f);
    (void)fclose(f);
    replay(data, n);
    return 1;
}

int main(int argc, char **argv)
{
    int files = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        for (struct dirent *e = folder ? readdir(folder) : NULL; e; e = readdir(folder)) {
            if (e->d_name[0] != '.') files += replay_file(argv[i], e->d_name);
        }
        if (folder) (void)closedir(folder);
    }
    printf("%d inputs replayed\n", files);
    return files > 0 ? 0 : 1;
}
