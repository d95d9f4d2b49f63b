# The documented steps on a bare Debian, and nothing else. It was written without a Docker engine at hand and has never been built.
#
#   docker build -t radgrad .
#   docker run --rm -v "$PWD/out:/radgrad/out" radgrad                      # npm run reproduce
#   docker run --rm -p 8888:8888 radgrad npm run lab -- --ip=0.0.0.0 --no-browser
FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv make g++ chromium fonts-liberation \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /radgrad
COPY . .
RUN node tools/setup/setup.mjs
CMD ["npm", "run", "reproduce"]
