# make help lists what there is.
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/.runtime
DEV := .venv/.dev
INSTALL := $(BIN)/pip install --disable-pip-version-check --quiet --require-hashes --only-binary :all:

.PHONY: help demo demo-reset test test-pg test-deploy test-browser check run worker lint format manual lock articles bench

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## set everything up and serve the demo on 127.0.0.1 (PORT=8000); a second time keeps the data
	@$(BIN)/python -m expertteam.demo_keys $(BIN)/python manage.py demo --port $(PORT)

demo-reset: ## forget the demo's data and keys
	@rm -rf var/demo demo.env demo-accounts.txt
	@echo "演示数据已清空；make demo 重新开始"

test: $(DEV) ## all tests on the embedded default
	@$(BIN)/pytest -n auto -m "not browser and not postgres and not redis and not deploy"

test-pg: $(DEV) ## the same tests on PostgreSQL, with a real Redis and worker (DATABASE_URL, REDIS_URL)
	@$(BIN)/pytest -n auto -m "not browser and not deploy $(BUT)"

test-deploy: $(DEV) ## carries out deploy/ with nginx, two web processes, two workers and beat (as test-pg, and nginx, age)
	@$(BIN)/pytest -m deploy tests/deploy

test-browser: $(DEV) ## walks through the portal in Chromium
	@$(BIN)/pytest -m "browser $(BUT)"

check: ## what CI runs: lint, README's test command, PostgreSQL, Redis, browser
	@bash .ci/run

run: $(RUNTIME) ## gunicorn with the environment's settings
	@$(BIN)/gunicorn --config deploy/gunicorn.py --bind 127.0.0.1:$(PORT) --workers 2 expertteam.wsgi

worker: $(RUNTIME) ## Celery worker and beat with the environment's settings
	@$(BIN)/celery -A expertteam worker --beat --schedule var/beat --loglevel INFO

lint: $(DEV) ## style, missing migrations, Django's own checks
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py check

format: $(DEV) ## bring code into the house style
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: $(DEV) ## what it costs, as ratios against a plain equivalent of the same run
	@$(BIN)/python -m benchmarks

articles: $(RUNTIME) ## where each provision of the Measures is enforced
	@$(BIN)/python manage.py articles

manual: $(DEV) ## take the staff manual's pictures anew from the demo that runs on PORT
	@$(BIN)/python manage.py manual_shots --site http://127.0.0.1:$(PORT)

lock: ## write requirements*.txt anew from requirements*.in (needs uv)
	uv pip compile --quiet --no-header --generate-hashes --universal --python-version 3.11 requirements.in -o requirements.txt
	uv pip compile --quiet --no-header --no-strip-extras --generate-hashes --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt

$(RUNTIME): requirements.txt
	@test -x $(BIN)/python || { echo "建立虚拟环境 .venv ……"; $(PYTHON) -m venv .venv; }
	@echo "安装依赖（约1分钟）……"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.txt
	@echo "安装测试工具……"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@
