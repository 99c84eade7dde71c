/* What the load generator found, as one JSON object. */
#include "load.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOAD_SUB_BITS = 5, LOAD_SUB = 1 << LOAD_SUB_BITS };

/* Buckets are 32 to a power of two: a quantile is right within 3 %. */
static size_t load_report_bucket(uint64_t ns)
{
    if (ns < LOAD_SUB) {
        return (size_t)ns;
    }
    unsigned power = 63u - (unsigned)__builtin_clzll(ns);
    return (size_t)(power - LOAD_SUB_BITS + 1) * LOAD_SUB + (size_t)(ns >> (power - LOAD_SUB_BITS) & (LOAD_SUB - 1));
}

static double load_report_bucket_us(size_t bucket)
{
    if (bucket < LOAD_SUB) {
        return (double)bucket / 1000.0;
    }
    unsigned shift = (unsigned)(bucket / LOAD_SUB) - 1;
    return (double)((uint64_t)(LOAD_SUB + bucket % LOAD_SUB) << shift) / 1000.0;
}

void load_report_latency(struct load_result *result, uint64_t ns)
{
    result->requests++;
    result->latency.count++;
    result->latency.max_ns = ns > result->latency.max_ns ? ns : result->latency.max_ns;
    result->latency.bucket[load_report_bucket(ns)]++;
}

void load_report_error(struct load_result *result, uint32_t code)
{
    for (size_t i = 0; i < result->error_codes; i++) {
        if (result->error_code[i] == code) {
            result->error_count[i]++;
            return;
        }
    }
    if (result->error_codes < LOAD_CODES_MAX) {
        result->error_code[result->error_codes] = code;
        result->error_count[result->error_codes++] = 1;
    }
}

static double load_report_quantile(const struct load_histogram *histogram, double part)
{
    uint64_t want = (uint64_t)(part * (double)histogram->count);
    uint64_t seen = 0;
    for (size_t i = 0; i < LOAD_BUCKETS; i++) {
        seen += histogram->bucket[i];
        if (seen > want) {
            return load_report_bucket_us(i);
        }
    }
    return (double)histogram->max_ns / 1000.0;
}

static uint64_t load_report_thread_ns(int pid, const char *thread)
{
    char path[512];
    unsigned long long ns = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", pid, thread);
    FILE *file = fopen(path, "re");
    if (file != NULL && fscanf(file, "%llu", &ns) != 1) {
        ns = 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return ns;
}

uint64_t load_report_cpu_of(int pid)
{
    char path[64];
    uint64_t sum = 0;
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *threads = opendir(path);
    for (const struct dirent *entry; threads != NULL && (entry = readdir(threads)) != NULL;) {
        if (entry->d_name[0] != '.') {
            sum += load_report_thread_ns(pid, entry->d_name);
        }
    }
    if (threads != NULL) {
        closedir(threads);
    }
    return sum;
}

static void load_report_errors(const struct load_result *result)
{
    printf("\"errors\": {");
    for (size_t i = 0; i < result->error_codes; i++) {
        printf("%s\"0x%04x\": %llu", i > 0 ? ", " : "", result->error_code[i],
               (unsigned long long)result->error_count[i]);
    }
    printf("}");
}

static void load_report_accounts(const struct load *load)
{
    printf("\"accounts\": [");
    for (size_t i = 0; i < load->options.account_count; i++) {
        const struct load_account *account = &load->options.accounts[i];
        printf("%s[%llu, %llu, %llu]", i > 0 ? ", " : "", (unsigned long long)account->closed,
               (unsigned long long)account->last_close_ns, (unsigned long long)account->last_result_ns);
    }
    printf("]");
}

void load_report_print(const struct load *load, double seconds, uint64_t own_cpu, const uint64_t *watched)
{
    const struct load_result *result = &load->result;
    double n = result->requests > 0 ? (double)result->requests : 1.0;
    printf("{\"requests\": %llu, \"seconds\": %.3f, \"rate\": %.1f, ", (unsigned long long)result->requests, seconds,
           (double)result->requests / seconds);
    printf("\"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f, ", load_report_quantile(&result->latency, 0.5),
           load_report_quantile(&result->latency, 0.99), (double)result->latency.max_ns / 1000.0);
    printf("\"wrong\": %llu, \"closed\": %llu, ", (unsigned long long)result->wrong,
           (unsigned long long)result->closed);
    load_report_errors(result);
    printf(", \"own_cpu_us\": %.3f, \"watched_cpu_us\": [", (double)own_cpu / 1000.0 / n);
    for (size_t i = 0; i < load->options.watched_count; i++) {
        printf("%s%.3f", i > 0 ? ", " : "", (double)watched[i] / 1000.0 / n);
    }
    printf("], ");
    load_report_accounts(load);
    printf("}\n");
}
