import pytest


def test_sum(benchmark):
    assert benchmark(sum, range(1000)) == 499500


@pytest.mark.parametrize("size", [10, 1000])
def test_sort(benchmark, size):
    benchmark.group = "sort"
    benchmark.extra_info["order"] = "falling"
    benchmark.extra_info["size"] = size
    assert benchmark(sorted, range(size, 0, -1))[0] == 1
