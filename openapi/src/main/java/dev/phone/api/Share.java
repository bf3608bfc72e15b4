// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** What part of a whole something is, as server and mock show it. */
public final class Share {
    private static final int DECIMALS = 3;

    private Share() {
    }

    /** Rounded to thousandths, and without zeros at the end; null when there is nothing to have a part of. */
    public static BigDecimal of(long part, long whole) {
        return whole == 0 ? null : BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), DECIMALS, RoundingMode.HALF_UP).stripTrailingZeros();
    }
}
