package io.smache.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Imports point downwards only: http, cache, cluster and shard, store. */
@AnalyzeClasses(packagesOf = Node.class, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.smache.node";

  @ArchTest
  static final ArchRule packages_importDownwardsOnly =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("node")
          .definedBy(ROOT)
          .layer("http")
          .definedBy(ROOT + ".http")
          .layer("cache")
          .definedBy(ROOT + ".cache")
          .layer("cluster")
          .definedBy(ROOT + ".cluster")
          .layer("shard")
          .definedBy(ROOT + ".shard")
          .layer("store")
          .definedBy(ROOT + ".store")
          .whereLayer("node")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("http")
          .mayOnlyBeAccessedByLayers("node")
          .whereLayer("cache")
          .mayOnlyBeAccessedByLayers("node", "http")
          .whereLayer("cluster")
          .mayOnlyBeAccessedByLayers("node", "http", "cache")
          .whereLayer("shard")
          .mayOnlyBeAccessedByLayers("node", "http", "cache");

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
              ROOT + ".http",
              ROOT + ".cache",
              ROOT + ".cluster",
              ROOT + ".shard",
              ROOT + ".store");
}
