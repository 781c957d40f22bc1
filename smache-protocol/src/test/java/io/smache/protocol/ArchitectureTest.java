package io.smache.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packagesOf = Member.class, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule protocol_isPlainJava =
      classes()
          .that()
          .resideInAPackage("io.smache.protocol")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.smache.protocol", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule messages_knowNoServer =
      classes()
          .that()
          .resideInAPackage("io.smache.protocol.message")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.smache.protocol.message", "java..", "org.jspecify..", "com.fasterxml.jackson..");
}
