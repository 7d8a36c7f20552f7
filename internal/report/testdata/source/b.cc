#include <benchmark/benchmark.h>
#include <vector>
#include <numeric>

static void BM_Sum(benchmark::State& state) {
  std::vector<int> numbers(state.range(0), 1);
  for (auto _ : state) benchmark::DoNotOptimize(std::accumulate(numbers.begin(), numbers.end(), 0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * sizeof(int));
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["length"] = state.range(0);
}
BENCHMARK(BM_Sum)->Arg(64)->Arg(4096);

static void BM_Append(benchmark::State& state) {
  for (auto _ : state) {
    std::vector<int> list;
    for (int i = 0; i < state.range(0); i++) list.push_back(i);
    benchmark::DoNotOptimize(list.data());
  }
  state.SetLabel("grown, not reserved");
  state.SetComplexityN(state.range(0));
}
BENCHMARK(BM_Append)->Range(8, 512)->Unit(benchmark::kMicrosecond)->Complexity();

static void BM_Refused(benchmark::State& state) {
  state.SkipWithError("the input is missing");
  for (auto _ : state) {}
}
BENCHMARK(BM_Refused);

BENCHMARK_MAIN();
