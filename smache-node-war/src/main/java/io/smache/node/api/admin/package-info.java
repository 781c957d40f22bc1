/**
 * What operators ask: caches and their configurations, the cluster, where a key belongs, health and
 * the description of the API.
 */
@NullMarked
package io.smache.node.api.admin;

import org.jspecify.annotations.NullMarked;
