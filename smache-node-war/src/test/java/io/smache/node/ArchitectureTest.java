package io.smache.node;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Imports point downwards only: doors, api, cache, engine, transfer, cluster and shard, store. What
 * a request means knows no door.
 */
@AnalyzeClasses(packagesOf = Node.class, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.smache.node";
  private static final String API = ROOT + ".api";

  @ArchTest
  static final ArchRule packages_importDownwardsOnly =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("node")
          .definedBy(ROOT)
          .layer("rest")
          .definedBy(ROOT + ".rest")
          .layer("front")
          .definedBy(ROOT + ".front")
          .layer("api")
          .definedBy(API + "..")
          .layer("cache")
          .definedBy(ROOT + ".cache")
          .layer("engine")
          .definedBy(ROOT + ".engine..")
          .layer("transfer")
          .definedBy(ROOT + ".transfer")
          .layer("cluster")
          .definedBy(ROOT + ".cluster..")
          .layer("shard")
          .definedBy(ROOT + ".shard")
          .layer("store")
          .definedBy(ROOT + ".store")
          .layer("runtime")
          .definedBy(ROOT + ".runtime")
          .whereLayer("node")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("rest")
          .mayOnlyBeAccessedByLayers("node")
          .whereLayer("front")
          .mayOnlyBeAccessedByLayers("node")
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("node", "rest", "front")
          .whereLayer("cache")
          .mayOnlyBeAccessedByLayers("node", "api")
          .whereLayer("engine")
          .mayOnlyBeAccessedByLayers("node", "api", "cache")
          .whereLayer("transfer")
          .mayOnlyBeAccessedByLayers("node", "cache", "engine")
          .whereLayer("cluster")
          .mayOnlyBeAccessedByLayers("node", "rest", "front", "api", "cache", "engine", "transfer")
          .whereLayer("shard")
          .mayOnlyBeAccessedByLayers("node", "rest", "api", "cache", "engine", "transfer")
          .whereLayer("store")
          .mayNotAccessAnyLayer()
          .whereLayer("runtime")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule api_knowsNoDoor =
      noClasses()
          .that()
          .resideInAPackage(API + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "jakarta.servlet..", "jakarta.ws.rs..", "io.netty..", "io.smache.protocol.http..");

  @ArchTest
  static final ArchRule messages_areTheLowestPartOfTheApi =
      noClasses()
          .that()
          .resideInAPackage(API + ".message")
          .should()
          .dependOnClassesThat(
              resideInAPackage(API + "..").and(not(resideInAPackage(API + ".message"))));

  @ArchTest
  static final ArchRule store_needsNoServer =
      classes()
          .that()
          .resideInAPackage(ROOT + ".store")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              ROOT + ".store",
              "java..",
              "org.jspecify..",
              "com.fasterxml.jackson..",
              "com.github.benmanes.caffeine..");

  @ArchTest
  static final ArchRule classes_liveInAKnownPackage =
      classes()
          .should()
          .resideInAnyPackage(
              ROOT,
              ROOT + ".rest",
              ROOT + ".front",
              API,
              API + ".access",
              API + ".message",
              API + ".entry",
              API + ".batch",
              API + ".simple",
              API + ".admin",
              API + ".console",
              API + ".metrics",
              API + ".peer",
              ROOT + ".cache",
              ROOT + ".engine",
              ROOT + ".engine.shards",
              ROOT + ".engine.grid",
              ROOT + ".transfer",
              ROOT + ".cluster",
              ROOT + ".cluster.link",
              ROOT + ".shard",
              ROOT + ".store",
              ROOT + ".runtime");
}
