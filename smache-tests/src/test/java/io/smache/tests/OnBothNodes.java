package io.smache.tests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A test that takes a node and runs on both: for one key, the owner and another node. */
@ParameterizedTest(autoCloseArguments = false)
@MethodSource("io.smache.tests.Cluster#nodes")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface OnBothNodes {}
