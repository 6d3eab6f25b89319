"""placeholder"""


def check_plan(plan: dict) -> None: ...
