#!/usr/bin/env bash
# Fits a model on a table and fails where it falls short: tools/lab.sh FILE COLUMN=VALUE [ID [AUC [FOLDS [BRIER]]]].
# AUC and FOLDS are the least areas under the ROC curve on held-out rows and over ten folds, BRIER is the most.
. "$(dirname "$0")/env.sh"
file=${1:?Name the table: make lab FILE=table.csv OUTCOME=Churn=Yes}
outcome=${2:?Name the outcome: make lab FILE=table.csv OUTCOME=Churn=Yes}
found=$(target/release/keepwell lab "$file" --outcome "$outcome" ${3:+--id "$3"} --json)
printf '%s\n' "$found"
LAB_FOUND=$found LAB_AUC=${4:-0} LAB_FOLDS=${5:-0} LAB_BRIER=${6:-1} node -e '
  const found = JSON.parse(process.env.LAB_FOUND);
  const least = [["auc_holdout", process.env.LAB_AUC], ["auc_cv", process.env.LAB_FOLDS]];
  const short = least.filter(([key, limit]) => found[key] < Number(limit)).map(([key]) => key);
  if (found.brier_holdout > Number(process.env.LAB_BRIER)) short.push("brier_holdout");
  if (found.leaks.length > 0) short.push("leaks");
  console.log(short.length === 0 ? "All figures hold." : `Falls short: ${short.join(", ")}`);
  process.exit(short.length === 0 ? 0 : 1);
'
