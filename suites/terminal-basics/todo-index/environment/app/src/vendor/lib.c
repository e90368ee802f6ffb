// TODO(ana): not ours
