# The cache node on Payara Micro. Build from the repository's root, after ./mvnw package.
# The digest is that of the tag in September 2026, for all platforms. To take a newer one:
# docker buildx imagetools inspect eclipse-temurin:17-jre-noble
ARG BASE=eclipse-temurin:17.0.20.1_1-jre-noble@sha256:631290fcf272e36dfc1dcf1c5eebf2179baa8dec67387f817c6709393a655b5b
FROM ${BASE}
# By number: Kubernetes (runAsNonRoot) cannot tell from a name that it is not root's.
RUN groupadd --gid 10001 smache && useradd --uid 10001 --gid 10001 --create-home --home-dir /smache smache
COPY target/servers/payara-micro.jar /smache/payara-micro.jar
COPY payara-config /smache/payara-config
COPY docker/healthy.sh /smache/healthy.sh
COPY scripts/drain.sh /smache/drain.sh
COPY smache-node-war/target/smache-node.war /smache/smache-node.war
USER 10001:10001
WORKDIR /smache
ENV PAYARA_MICRO_JAR=/smache/payara-micro.jar
# The front is the door; the server itself listens inside of the container only.
ENV SMACHE_PORT=8080
EXPOSE 8080
# Liveness: what restarts unhealthy containers must not restart a node that only waits for uplink.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD ["/smache/healthy.sh", "/healthcheck"]
ENTRYPOINT ["/smache/payara-config/micro.sh", "--port", "8500", "--root", "/smache/server", "/smache/smache-node.war"]
