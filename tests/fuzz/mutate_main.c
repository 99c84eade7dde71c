/* Feeds a fuzz target what a corpus becomes when it is bent, the same way each time: usage
 * ROUNDS CORPUS-FOLDER. For builds without a fuzzer, where only the corpus itself would be played. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { FILES_MAX = 200, INPUT_MAX = 16 << 10 };

struct input {
    uint8_t p[INPUT_MAX];
    size_t n;
};

static struct input files[FILES_MAX];
static size_t files_n;
static uint64_t state = 1;

static size_t below(size_t n)
{
    state = state * 6364136223846793005U + 1442695040888963407U;
    return n ? (size_t)((state >> 33) % n) : 0;
}

static void load(const char *folder)
{
    struct dirent **names = NULL;
    const int n = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        FILE *f = names[i]->d_name[0] != '.' && files_n < FILES_MAX ? fopen(path, "rb") : NULL;
        if (f) {
            files[files_n].n = fread(files[files_n].p, 1, INPUT_MAX, f);
            files_n++;
            (void)fclose(f);
        }
        free(names[i]);
    }
    free(names);
}

/* n bytes of `from` in the place of `gone` bytes at `at`. */
static void replace(struct input *in, size_t at, size_t gone, const uint8_t *from, size_t n)
{
    if (in->n - gone + n > INPUT_MAX) return;
    memmove(in->p + at + n, in->p + at + gone, in->n - at - gone);
    if (n) memcpy(in->p + at, from, n);
    in->n += n - gone;
}

static void bend(struct input *in)
{
    static struct input copy;
    static const char bytes_of_note[] = "\r\n\t :;,/?%#*\"\\0a9-+=\x01\x7f\xff";
    const size_t at = below(in->n + 1);
    const size_t span = below(in->n - at + 1) % (1 + below(64));
    const struct input *other = &files[below(files_n)];
    const size_t from = below(other->n + 1);
    const size_t taken = below(other->n - from + 1);
    const uint8_t c = (uint8_t)bytes_of_note[below(sizeof bytes_of_note)];
    switch (below(8)) {
    case 0:
        if (at < in->n) in->p[at] = (uint8_t)(in->p[at] ^ 1U << below(8));
        break;
    case 1:
        replace(in, at, 0, &c, 1);
        break;
    case 2:
        if (at < in->n) in->p[at] = c;
        break;
    case 3:
        replace(in, at, span, NULL, 0);
        break;
    case 4:
        copy = *in;
        replace(in, at, 0, copy.p + at, span);
        break;
    case 5:
        replace(in, at, 0, other->p + from, taken);
        break;
    case 6:
        replace(in, at, span, other->p + from, taken % 80);
        break;
    default:
        replace(in, in->n, 0, other->p, other->n);
        break;
    }
}

int main(int argc, char **argv)
{
    static struct input in;
    const unsigned long rounds = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
    if (rounds) load(argv[2]);
    for (unsigned long i = 0; files_n && i < rounds; i++) {
        in = files[below(files_n)];
        for (size_t n = 1 + below(4); n > 0; n--) bend(&in);
        uint8_t *copy = malloc(in.n ? in.n : 1);
        if (!copy) abort();
        memcpy(copy, in.p, in.n);
        (void)LLVMFuzzerTestOneInput(copy, in.n);
        free(copy);
    }
    printf("%lu inputs of %zu files\n", rounds, files_n);
    return files_n ? 0 : 1;
}
