def pytest_benchmark_update_machine_info(config, machine_info):
    machine_info["node"] = "host"
    machine_info["release"] = "6.1"
