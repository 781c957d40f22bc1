/** Black box: starts real servers as a user does, and speaks HTTP only. */
@NullMarked
package io.smache.tests;

import org.jspecify.annotations.NullMarked;
